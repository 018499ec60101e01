import express from 'express';
import { contenders } from '../contenders';
import { clearSessions } from '../contenders/session';
import { answerQuestions, listen } from '../worker';

/** An Express application with one contender. */
answerQuestions({
  async start({ contender, ...upstream }: { contender: string; upstreamURL: string; dist: string }) {
    const app = express();
    // Keeps Express from printing the errors of the sign-ins that are made to fail.
    app.set('env', 'test');
    const { url } = await listen(app);
    await contenders
      .find(({ name }) => name === contender)
      ?.mount(app, { ...upstream, callbackURL: `${url}/callback` });
    return url;
  },
  /**
   * Forgets the sessions of the rounds before. It does not collect garbage: after a forced collection V8 has lost
   * much of what it had learnt, and every contender takes twice the time.
   */
  clearSessions,
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
