import express from 'express';
import { contenders } from '../contenders';
import { clearSessions } from '../contenders/session';
import { answerQuestions } from './answer-questions';
import { listen } from './listen';

/** An Express application with one contender. */
answerQuestions({
  async start({ contender, upstreamURL }: { contender: string; upstreamURL: string }) {
    const app = express();
    const { url } = await listen(app);
    await contenders
      .find(({ name }) => name === contender)
      ?.mount(app, {
        callbackURL: `${url}/callback`,
        authorizationURL: `${upstreamURL}/authorize`,
        tokenURL: `${upstreamURL}/token`,
        userProfileURL: `${upstreamURL}/userinfo`,
      });
    return url;
  },
  /**
   * Forgets the sessions of the rounds before. It does not collect garbage: after a forced collection V8 has lost
   * much of what it had learnt, and every contender takes twice the time.
   */
  forget: clearSessions,
  readCPUMs() {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1000;
  },
  readMemoryBytes() {
    globalThis.gc?.();
    globalThis.gc?.();
    const { heapUsed, external } = process.memoryUsage();
    return heapUsed + external;
  },
});
