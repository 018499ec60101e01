import { contenders } from '../contenders';
import { type Cost, measureFinishes, measureStarts, type Server, type Stage } from '../stage';
import { type Spread, toSpread } from '../statistics';
import type { Chapter } from './chapter';
import { Lists } from './lists';

export const phases = ['redirect', 'callback'] as const;
export type Phase = (typeof phases)[number];

/** What one request of a phase takes. */
export interface PhaseCost {
  cpuMs: Spread;
  perSecond: Spread;
}

/** One contender's two phases. */
export type LoginCost = { contender: string; kind: string } & Record<Phase, PhaseCost>;

const concurrency = 50;

/** The comparison itself: every contender in every round, each time beginning with another. */
export async function compareLogins(stage: Stage): Promise<LoginCost[]> {
  const { servers, sizes } = stage;
  const cpuMs = new Lists();
  const perSecond = new Lists();
  for (let round = -1; round < sizes.rounds; round++) {
    // The first one warms up.
    const count = round < 0 ? sizes.warmUpLogins : sizes.logins;
    stage.report(`logins, round ${round + 1} of ${sizes.rounds}: ${count} with each of ${servers.length}`);
    const first = (round + 1) % servers.length;
    for (const server of [...servers.slice(first), ...servers.slice(0, first)]) {
      const costs = await measureLogins(stage, server, count);
      for (const phase of round < 0 ? [] : phases) {
        cpuMs.push(server.contender + phase, costs[phase].cpuMs);
        perSecond.push(server.contender + phase, costs[phase].perSecond);
      }
    }
  }
  const summarize = (key: string): PhaseCost => ({
    cpuMs: toSpread(cpuMs.of(key)),
    perSecond: toSpread(perSecond.of(key)),
  });
  return contenders.map(({ name, kind }) => ({
    contender: name,
    kind,
    redirect: summarize(`${name}redirect`),
    callback: summarize(`${name}callback`),
  }));
}

async function measureLogins(stage: Stage, server: Server, count: number): Promise<Record<Phase, Cost>> {
  const redirect = await measureStarts(stage, server, { count, concurrency });
  return { redirect, callback: await measureFinishes(stage, server, concurrency) };
}

const titles: Record<Phase, string> = {
  redirect: 'Redirect: the browser is sent to the authorization server',
  callback: 'Callback: the code is exchanged and the profile read',
};

export function describePhase(costs: LoginCost[], phase: Phase): Chapter {
  const floor = findBareFloor(costs);
  const peer = findCheapest(costs, phase, 'Passport peer');
  return {
    title: titles[phase],
    explanation: `CPU of the server's process per request, with ${concurrency} requests at a time; the upstream answers at once. Every login was checked to have ended with its own user. Only ratios within one run mean anything, and differences below 10% do not. The floor is the first one; the cheapest Passport peer is ${peer.contender}.`,
    rows: costs.map(({ contender, [phase]: { cpuMs, perSecond } }) => ({
      '': contender,
      'CPU ms': cpuMs,
      'requests/s': perSecond,
      '÷ floor': cpuMs.median / floor[phase].cpuMs.median,
      '÷ cheapest Passport peer': cpuMs.median / peer[phase].cpuMs.median,
    })),
  };
}

/** Of several floors the one without Express's `redirect`, Passport and sessions, which is listed first. */
export function findBareFloor(costs: LoginCost[]): LoginCost {
  return costs.find(({ kind }) => kind === 'floor') as LoginCost;
}

export function findCheapest(costs: LoginCost[], phase: Phase, kind: string): LoginCost {
  const [cheapest] = costs
    .filter((cost) => cost.kind === kind)
    .sort((a, b) => a[phase].cpuMs.median - b[phase].cpuMs.median);
  return cheapest as LoginCost;
}
