import { contenders } from '../contenders';
import { untraced, web } from '../contenders/metafy';
import { concurrency, type Entry, type Lab, measureFinishes, measureStarts, withServers } from '../lab';
import { atMost, below, type Chapter, type Target } from '../report';
import { type Estimate, findMedian, interleave, pairRounds, Series, toSpread } from '../statistics';

export const phases = ['redirect', 'callback'] as const;
export type Phase = (typeof phases)[number];

/** CPU and requests per second of each phase, round by round. */
export class LoginCosts {
  readonly cpuMs = { redirect: new Series(), callback: new Series() };
  readonly perSecond = { redirect: new Series(), callback: new Series() };

  /** CPU of one contender as a share of another's in the same round. */
  compare(phase: Phase, name: string, other: string): Estimate {
    return pairRounds(this.cpuMs[phase].of(name), this.cpuMs[phase].of(other), (a, b) => a / b);
  }
}

export async function compareLogins(lab: Lab, entries: readonly Entry[]): Promise<LoginCosts> {
  const { rounds, roundsPerProcess, logins: count } = lab.sizes;
  const costs = new LoginCosts();
  for (let done = 0; done < rounds; done += roundsPerProcess) {
    // Every round begins with another contender, also when it has new processes.
    const first = done % entries.length;
    const order = [...entries.slice(first), ...entries.slice(0, first)];
    await withServers(lab, order, async (servers) => {
      lab.report(`logins, from round ${done + 1} of ${rounds}: ${count} with each of ${servers.length}`);
      await interleave(servers, Math.min(roundsPerProcess, rounds - done), async (server) => {
        const redirect = await measureStarts(lab, server, { count, concurrency });
        const callback = await measureFinishes(lab, server, concurrency);
        for (const [phase, cost] of Object.entries({ redirect, callback }) as [Phase, typeof redirect][]) {
          costs.cpuMs[phase].push(server.name, cost.cpuMs);
          costs.perSecond[phase].push(server.name, cost.perSecond);
        }
      });
    });
  }
  return costs;
}

const ours = 'passport-metafy';
const arctic = 'arctic (state + PKCE)';
const openid = 'openid-client (PKCE)';

const titles: Record<Phase, string> = {
  redirect: 'Redirect: the browser is sent to the authorization server',
  callback: 'Callback: the code is exchanged and the profile read',
};

export function describePhase(costs: LoginCosts, phase: Phase): Chapter {
  const peer = findCheapestPeer(costs, phase);
  return {
    title: titles[phase],
    explanation: `CPU of the server's process per request, with ${concurrency} requests at a time; the upstream answers at once. Every login was checked to have ended with its own user. The cheapest Passport peer is ${peer}.`,
    rows: contenders.map(({ name }) => ({
      '': name,
      'CPU ms': toSpread(costs.cpuMs[phase].of(name)),
      'requests/s': findMedian(costs.perSecond[phase].of(name)),
      '÷ cheapest Passport peer': costs.compare(phase, name, peer),
      'passport-metafy ÷ it': costs.compare(phase, ours, name),
    })),
    targets: listTargets(costs, phase, peer),
    rounds: costs.cpuMs[phase],
  };
}

/** The one whose CPU, as a share of ours in the same round, has the lowest median. */
function findCheapestPeer(costs: LoginCosts, phase: Phase): string {
  const [cheapest] = contenders
    .filter(({ kind }) => kind === 'Passport peer')
    .map(({ name }) => ({ name, share: costs.compare(phase, name, ours).median }))
    .sort((a, b) => a.share - b.share);
  return cheapest?.name as string;
}

function listTargets(costs: LoginCosts, phase: Phase, peer: string): Target[] {
  const toPeer = costs.compare(phase, ours, peer);
  const what = `${phase} CPU ÷ cheapest Passport peer's`;
  const targets =
    phase === 'redirect'
      ? [atMost(0.75, what, toPeer), below(1, 'redirect CPU ÷ arctic’s', costs.compare(phase, ours, arctic))]
      : [
          atMost(0.95, what, toPeer),
          below(1, what, toPeer),
          atMost(
            1.02,
            'callback CPU with a tracing channel that has no subscriber ÷ without the channel',
            costs.compare(phase, ours, untraced),
          ),
        ];
  if (contenders.some(({ name }) => name === web)) {
    for (const other of [arctic, openid]) {
      targets.push(below(1, `${phase} CPU of ${web} ÷ ${other}`, costs.compare(phase, web, other)));
    }
  }
  return targets;
}

/** Two builds of this package, in one interleaved run. */
export async function compareBuilds(lab: Lab, otherDist: string): Promise<Chapter> {
  const [own, other] = ['this build', 'the other build'];
  const entries = [{ name: own }, { name: other, dist: otherDist }];
  const costs = await compareLogins(
    lab,
    entries.map((entry) => ({ ...entry, contender: ours })),
  );
  return {
    title: 'Two builds of passport-metafy',
    explanation: `CPU of the server's process per request, ${lab.sizes.rounds} rounds. The other build is ${otherDist}.`,
    rows: phases.map((phase) => ({
      '': phase,
      [`${own}, CPU ms`]: toSpread(costs.cpuMs[phase].of(own)),
      [`${other}, CPU ms`]: toSpread(costs.cpuMs[phase].of(other)),
      'this ÷ other': costs.compare(phase, own, other),
    })),
  };
}
