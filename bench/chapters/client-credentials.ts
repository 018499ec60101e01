import type { Stage } from '../stage';
import { toSpread } from '../statistics';
import { Worker } from '../worker';
import type { Chapter } from './chapter';

const libraries = ['passport-metafy', 'openid-client', 'simple-oauth2'];

interface Wave {
  requests: number;
  connections: number;
  wallMs: number;
  cpuMs: number;
}

/** Callers in one process that all want the application's token at once: in each round a process of its own. */
export async function measureClientCredentials(stage: Stage): Promise<Chapter> {
  const { callers, sideRounds } = stage.sizes;
  const waves = new Map(libraries.map((library) => [library, { first: [] as Wave[], second: [] as Wave[] }]));
  for (let round = 0; round < sideRounds; round++) {
    stage.report(`${callers} callers, round ${round + 1} of ${sideRounds}`);
    for (const library of libraries) {
      await using worker = new Worker('callers', 'measured');
      await worker.ask('prepare', { library, upstreamURL: stage.upstreamURL });
      waves.get(library)?.first.push(await measureWave(stage, worker));
      waves.get(library)?.second.push(await measureWave(stage, worker));
    }
  }
  return {
    title: `${callers} callers want the application's token at once (client credentials)`,
    explanation:
      'Each calls the function of the library, in a fresh process; then as many once more. The others leave keeping the token to the application.',
    rows: libraries.flatMap((library) => {
      const { first = [], second = [] } = waves.get(library) ?? {};
      return [toRow(library, 'first', first), toRow(library, 'second', second)];
    }),
  };
}

async function measureWave({ sizes, upstream }: Stage, worker: Worker): Promise<Wave> {
  await upstream.ask('takeCounts');
  const cost = await worker.ask<Pick<Wave, 'wallMs' | 'cpuMs'>>('call', { callers: sizes.callers });
  return { ...cost, ...(await upstream.ask<Pick<Wave, 'requests' | 'connections'>>('takeCounts')) };
}

function toRow(library: string, wave: string, waves: Wave[]) {
  return {
    '': library,
    wave,
    'upstream requests': toSpread(waves.map(({ requests }) => requests)).median,
    connections: toSpread(waves.map(({ connections }) => connections)).median,
    ms: toSpread(waves.map(({ wallMs }) => wallMs)),
    'CPU ms': toSpread(waves.map(({ cpuMs }) => cpuMs)),
  };
}
