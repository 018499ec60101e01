import { pickServers, type Stage } from '../stage';
import { toSpread } from '../statistics';
import type { Chapter } from './chapter';

const compared = [
  'passport-metafy',
  'passport-oauth2 (state)',
  'passport-oauth2 (state + PKCE)',
  'openid-client (PKCE)',
  'arctic (state + PKCE)',
];

/** What people who never come back leave in the server's memory. */
export async function measureMemory(stage: Stage): Promise<Chapter> {
  const { abandonedLogins: count } = stage.sizes;
  const rows: Chapter['rows'] = [];
  for (const { contender, url, worker } of pickServers(stage, compared)) {
    stage.report(`memory of ${contender}, ${count} logins that are never finished`);
    await worker.ask('forget');
    const bytes: number[] = [];
    // What the first ones leave is of connections and compiled code, too.
    for (let round = -1; round < 4; round++) {
      await stage.load.ask('start', { url, count, concurrency: 50 });
      bytes.push(await worker.ask<number>('readMemoryBytes'));
    }
    const added = bytes.slice(2).map((value, index) => (value - (bytes[index + 1] ?? 0)) / count);
    rows.push({ '': contender, 'bytes per pending login': toSpread(added) });
  }
  return {
    title: 'Memory of the server per pending login',
    explanation: `Heap and external memory after a collection, before and after ${count} logins that are never finished, three times. express-session's MemoryStore keeps what is never asked for again; another store keeps it elsewhere.`,
    rows,
  };
}
