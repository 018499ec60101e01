import express from 'express';
import { contenders } from './contenders';
import { sessionStore } from './contenders/contender';
import { listen } from './http';
import { answerQuestions } from './worker';

/** An Express application with one contender. */
answerQuestions({
  async start({ contender, ...upstream }: { contender: string; upstreamURL: string; dist: string }) {
    const app = express();
    // Keeps Express from printing the errors of the sign-ins that are made to fail.
    app.set('env', 'test');
    const { url } = await listen(app);
    const site = { ...upstream, callbackURL: `${url}/callback` };
    await contenders.find(({ name }) => name === contender)?.mount(app, site);
    return url;
  },
  clearSessions: () => sessionStore.clear(),
  readCPUMs() {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1000;
  },
  /** Never before a measurement: after a forced collection V8 has lost much of what it had learnt. */
  readMemoryBytes() {
    globalThis.gc?.();
    globalThis.gc?.();
    const { heapUsed, external } = process.memoryUsage();
    return heapUsed + external;
  },
});
