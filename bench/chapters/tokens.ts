import type { Stage } from '../stage';
import { toSpread } from '../statistics';
import { Worker } from '../worker';
import type { Chapter } from './chapter';

/** Tokens that are at hand: from the cache of the client credentials, and of users in a `Map`. */
export async function measureTokens(stage: Stage): Promise<Chapter> {
  const { users: userCounts, reads, sideRounds } = stage.sizes;
  const { upstreamURL } = stage;
  await using worker = new Worker('tokens', 'measured');
  await worker.ask('prepareCredentials', { upstreamURL });

  const cases = [
    {
      name: '`MetafyClientCredentials.getToken` from memory',
      method: 'getToken',
      users: 1,
      count: reads * 10,
    },
  ];
  for (const secret of [undefined, 'the secret of the tokens']) {
    for (const users of userCounts) {
      const name = `\`MetafyUserTokens.get\`, fresh, ${secret ? 'sealed ' : ''}in a \`Map\``;
      stage.report(`${users} users`);
      await worker.ask('prepareUsers', { name: name + users, users, secret });
      cases.push({ name, method: 'getUserTokens', users, count: reads });
    }
  }

  const rates = cases.map(() => [] as number[]);
  for (let round = -1; round < sideRounds; round++) {
    stage.report(`tokens at hand, round ${round + 1} of ${sideRounds}`);
    for (const [index, { name, method, users, count }] of cases.entries()) {
      const rate = await worker.ask<number>(method, { name: name + users, users, count });
      // The first round warms up.
      if (round >= 0) rates[index]?.push(rate);
    }
  }
  return {
    title: 'Tokens that are at hand',
    explanation: 'In one process, one call after the other.',
    rows: cases.map(({ name, users }, index) => ({
      '': name,
      users,
      'calls/s': toSpread(rates[index] ?? []),
    })),
  };
}
