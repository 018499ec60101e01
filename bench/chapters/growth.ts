import { measureFinishes, measureStarts, pickServers, type Server, type Stage } from '../stage';
import { toSpread } from '../statistics';
import type { Chapter } from './chapter';
import { Lists } from './lists';

/** Ours, and those that do the same work. */
const compared = [
  'passport-metafy',
  'passport-oauth2 (state + PKCE)',
  'openid-client (PKCE)',
  'arctic (state + PKCE)',
];

/** What one login costs when many are under way at a time. */
export async function measureConcurrency(stage: Stage): Promise<Chapter> {
  const { concurrencies, sideLogins, sideRounds } = stage.sizes;
  const cpuMs = new Lists();
  const rates = new Lists();
  for (let round = 0; round < sideRounds; round++) {
    for (const concurrency of concurrencies) {
      stage.report(`${concurrency} logins at a time, round ${round + 1} of ${sideRounds}`);
      for (const server of pickServers(stage, compared)) {
        const count = Math.max(concurrency, sideLogins);
        const start = await measureStarts(stage, server, { count, concurrency });
        const finish = await measureFinishes(stage, server, concurrency);
        cpuMs.push(server.contender + concurrency, start.cpuMs + finish.cpuMs);
        rates.push(server.contender + concurrency, 1 / (1 / start.perSecond + 1 / finish.perSecond));
      }
    }
  }
  return {
    title: 'As more people sign in at a time',
    explanation:
      'Whole logins: redirect and callback. One at a time, the server waits for the load and the upstream.',
    rows: concurrencies.flatMap((concurrency) =>
      compared.map((name) => ({
        '': name,
        'logins at a time': concurrency,
        'CPU ms per login': toSpread(cpuMs.of(name + concurrency)),
        'logins/s': toSpread(rates.of(name + concurrency)),
      })),
    ),
  };
}

const cookieCounts = [0, 1, 5, 20, 50];

/** What a redirect costs for a browser that has left logins unfinished, up to far more than are kept for one. */
export async function measurePendingCookies(stage: Stage): Promise<Chapter> {
  const { sideLogins: count, sideRounds } = stage.sizes;
  const names = compared.slice(0, 2);
  const servers = pickServers(stage, names);
  const [ours] = servers as [Server];
  await stage.load.ask('start', { url: ours.url, count: Math.max(...cookieCounts), concurrency: 1 });
  const cookies = await stage.load.ask<string[]>('listCookies');
  const join = (cookieCount: number): string => cookies.slice(0, cookieCount).join('; ');

  const cpuMs = new Lists();
  for (let round = 0; round < sideRounds; round++) {
    stage.report(`pending cookies, round ${round + 1} of ${sideRounds}`);
    for (const cookieCount of cookieCounts) {
      for (const server of servers) {
        const parameters = { count, concurrency: 50, cookie: join(cookieCount) };
        const cost = await measureStarts(stage, server, parameters);
        cpuMs.push(server.contender + cookieCount, cost.cpuMs);
      }
    }
  }
  return {
    title: 'As a browser brings more cookies of unfinished logins',
    explanation:
      'The redirect. No more than five are kept for a browser: above that the oldest are cleared, twenty at once at most. passport-oauth2 gets the same header, in which nothing is its own.',
    rows: cookieCounts.map((cookieCount) => ({
      'cookies of pending logins': cookieCount,
      'bytes of the header': join(cookieCount).length,
      ...Object.fromEntries(names.map((name) => [`${name}, CPU ms`, toSpread(cpuMs.of(name + cookieCount))])),
    })),
  };
}
