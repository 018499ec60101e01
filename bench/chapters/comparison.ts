import { contenders } from '../contenders';
import { arctic, arcticWeb } from '../contenders/arctic';
import { untraced, web } from '../contenders/metafy';
import { type Entry, finishLogins, startLogins, withServers } from '../logins';
import { type Chapter, type Row, Table, target } from '../report';
import { report, sizes } from '../settings';
import { type Estimate, interleave, pairRounds } from '../statistics';

export const phases = ['redirect', 'callback'] as const;
export type Phase = (typeof phases)[number];

/** The server's CPU in milliseconds per request of each phase, for each contender and round. */
export async function compareLogins(entries: readonly Entry[]): Promise<Table> {
  const { rounds, roundsPerProcess, logins } = sizes;
  const costs = new Table();
  for (let done = 0; done < rounds; done += roundsPerProcess) {
    // Every round begins with another contender, also when it has new processes.
    const first = done % entries.length;
    await withServers([...entries.slice(first), ...entries.slice(0, first)], async (servers) => {
      report(`logins, from round ${done + 1} of ${rounds}: ${logins} with each of ${servers.length}`);
      await interleave(servers, Math.min(roundsPerProcess, rounds - done), async (server) => {
        const redirect = await startLogins(server, logins);
        const callback = await finishLogins(server, redirect.results);
        costs.add({ '': server.name }, { redirect: redirect.cpuMs, callback: callback.cpuMs });
      });
    });
  }
  return costs;
}

/** One's cost as a share of another's in the same round. */
function compare(costs: Table, phase: Phase, name: string, other: string): Estimate {
  const [first = [], second = []] = [name, other].map((one) => costs.of(one, phase)[0]);
  return pairRounds(first, second, (a, b) => a / b);
}

const ours = 'passport-metafy';
const openid = 'openid-client (PKCE)';

export function describePhase(costs: Table, phase: Phase, title: string): Chapter {
  const names = contenders.map(({ name }) => name);
  const peers = contenders.filter(({ kind }) => kind === 'passport').map(({ name }) => name);
  const shares = peers.map((name) => ({ name, share: compare(costs, phase, name, ours).median }));
  const peer = shares.reduce((cheapest, one) => (one.share < cheapest.share ? one : cheapest)).name;
  const explanation = `CPU of the server's process per request, with 50 requests at a time; the upstream answers at once. Every login was checked to have ended with its own user. The cheapest Passport peer is ${peer}.`;
  const rows = names.map((name) => ({
    '': name,
    'CPU ms': costs.rows.find((row) => row[''] === name)?.[phase] ?? '',
    '÷ cheapest Passport peer': compare(costs, phase, name, peer),
    'passport-metafy ÷ it': compare(costs, phase, ours, name),
  }));
  const rounds = Object.fromEntries(names.map((name) => [name, costs.of(name, phase)[0]]));
  return { title, explanation, rows, targets: listTargets(costs, phase, peer), rounds };
}

function listTargets(costs: Table, phase: Phase, peer: string): Row[] {
  const demand = (name: string, other: string, sign: '≤' | '<', limit: number) => {
    const what = `${phase} CPU: ${name} ÷ ${other}${other === peer ? ', the cheapest Passport peer' : ''}`;
    return target(what, compare(costs, phase, name, other), sign, limit);
  };
  const passport =
    phase === 'redirect'
      ? [demand(ours, peer, '≤', 0.75), demand(ours, arctic.name, '<', 1)]
      : [demand(ours, peer, '≤', 0.95), demand(ours, peer, '<', 1), demand(ours, untraced, '≤', 1.02)];
  return [...passport, demand(web, arcticWeb.name, '<', 1), demand(web, openid, '<', 1)];
}

/** Two builds of this package, in one interleaved run. */
export async function compareBuilds(otherDist: string): Promise<Chapter> {
  const [own, other] = ['this build', 'the other build'];
  const entries = [{ name: own }, { name: other, dist: otherDist }];
  const costs = await compareLogins(entries.map((entry) => ({ ...entry, contender: ours })));
  const explanation = `CPU ms of the server's process per request, ${sizes.rounds} rounds, each with new processes. The other build is ${otherDist}.`;
  const ratios = phases.map((phase) => [phase, compare(costs, phase, own, other)]);
  const rows = [...costs.rows, { '': 'this ÷ other', ...Object.fromEntries(ratios) }];
  return { title: 'Two builds of passport-metafy', explanation, rows };
}
