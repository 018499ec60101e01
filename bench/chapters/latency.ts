import { measureFinishes, measureStarts, type Stage } from '../stage';
import { toSpread } from '../statistics';
import type { Chapter } from './chapter';
import { Lists } from './lists';

const delayMs = 20;
const concurrency = 50;

/** The callback when the upstream takes its time, as one on the internet does. */
export async function measureLatency(stage: Stage): Promise<Chapter> {
  const { servers, sizes, upstream } = stage;
  const latencies = new Lists();
  const rates = new Lists();
  for (let round = 0; round < sizes.sideRounds; round++) {
    stage.report(`an upstream that takes ${delayMs} ms, round ${round + 1} of ${sizes.sideRounds}`);
    for (const server of servers) {
      await measureStarts(stage, server, { count: sizes.sideLogins, concurrency });
      await upstream.ask('delay', { delayMs });
      const { latenciesMs, perSecond } = await measureFinishes(stage, server, concurrency);
      await upstream.ask('delay', { delayMs: 0 });
      latencies.push(server.contender, toSpread(latenciesMs).median);
      rates.push(server.contender, perSecond);
    }
  }
  return {
    title: `Callback with an upstream that takes ${delayMs} ms for each answer`,
    explanation: `Two answers one after the other: no login can take less than ${2 * delayMs} ms. ${concurrency} logins at a time; of each round the median login.`,
    rows: servers.map(({ contender }) => ({
      '': contender,
      'ms per login': toSpread(latencies.of(contender)),
      'logins/s': toSpread(rates.of(contender)),
    })),
  };
}
