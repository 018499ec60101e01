import { contenders } from '../contenders';
import { untraced, web } from '../contenders/metafy';
import { type Entry, type Lab, measureFinishes, measureStarts, withServers } from '../lab';
import { type Chapter, type Row, Table, target } from '../report';
import { type Estimate, interleave, pairRounds } from '../statistics';

export const phases = ['redirect', 'callback'] as const;
export type Phase = (typeof phases)[number];

/** The server's CPU per request, in each phase and round. */
export class LoginCosts {
  readonly tables = { redirect: new Table(), callback: new Table() };

  of(phase: Phase, name: string): number[] {
    return this.tables[phase].of(name, 'CPU ms')[0] ?? [];
  }

  /** As a share of another's in the same round. */
  compare(phase: Phase, name: string, other: string): Estimate {
    return pairRounds(this.of(phase, name), this.of(phase, other), (a, b) => a / b);
  }
}

export async function compareLogins(lab: Lab, entries: readonly Entry[]): Promise<LoginCosts> {
  const { rounds, roundsPerProcess, logins } = lab.sizes;
  const costs = new LoginCosts();
  for (let done = 0; done < rounds; done += roundsPerProcess) {
    // Every round begins with another contender, also when it has new processes.
    const first = done % entries.length;
    await withServers(lab, [...entries.slice(first), ...entries.slice(0, first)], async (servers) => {
      lab.report(`logins, from round ${done + 1} of ${rounds}: ${logins} with each of ${servers.length}`);
      await interleave(servers, Math.min(roundsPerProcess, rounds - done), async (server) => {
        const redirect = await measureStarts(lab, server, logins);
        const callback = await measureFinishes(lab, server);
        costs.tables.redirect.add({ '': server.name }, { 'CPU ms': redirect.cpuMs });
        costs.tables.callback.add({ '': server.name }, { 'CPU ms': callback.cpuMs });
      });
    });
  }
  return costs;
}

const ours = 'passport-metafy';
const arctic = 'arctic (state + PKCE)';
const openid = 'openid-client (PKCE)';

export function describePhase(costs: LoginCosts, phase: Phase): Chapter {
  const names = contenders.map(({ name }) => name);
  const peers = contenders.filter(({ kind }) => kind === 'Passport peer').map(({ name }) => name);
  // The one beside which we look worst.
  const [peer = ''] = peers.sort(
    (a, b) => costs.compare(phase, ours, b).median - costs.compare(phase, ours, a).median,
  );
  return {
    title:
      phase === 'redirect'
        ? 'Redirect: the browser is sent to the authorization server'
        : 'Callback: the code is exchanged and the profile read',
    explanation: `CPU of the server's process per request, with 50 requests at a time; the upstream answers at once. Every login was checked to have ended with its own user. The cheapest Passport peer is ${peer}.`,
    rows: names.map((name) => ({
      ...costs.tables[phase].rows.find((row) => row[''] === name),
      '÷ cheapest Passport peer': costs.compare(phase, name, peer),
      'passport-metafy ÷ it': costs.compare(phase, ours, name),
    })),
    targets: listTargets(costs, phase, peer),
    rounds: Object.fromEntries(names.map((name) => [name, costs.of(phase, name)])),
  };
}

function listTargets(costs: LoginCosts, phase: Phase, peer: string): Row[] {
  const compare = (name: string, other: string, sign: '≤' | '<', limit: number) =>
    target(`${phase} CPU: ${name} ÷ ${other}`, costs.compare(phase, name, other), sign, limit);
  const targets =
    phase === 'redirect'
      ? [compare(ours, peer, '≤', 0.75), compare(ours, arctic, '<', 1)]
      : [compare(ours, peer, '≤', 0.95), compare(ours, peer, '<', 1), compare(ours, untraced, '≤', 1.02)];
  if (!contenders.some(({ name }) => name === web)) return targets;
  return [...targets, compare(web, arctic, '<', 1), compare(web, openid, '<', 1)];
}

/** Two builds of this package, in one interleaved run. */
export async function compareBuilds(lab: Lab, otherDist: string): Promise<Chapter> {
  const [own, other] = ['this build', 'the other build'];
  const entries = [{ name: own }, { name: other, dist: otherDist }];
  const costs = await compareLogins(
    lab,
    entries.map((entry) => ({ ...entry, contender: ours })),
  );
  const explanation = `CPU of the server's process per request, ${lab.sizes.rounds} rounds. The other build is ${otherDist}.`;
  const rows = phases.flatMap((phase) =>
    costs.tables[phase].rows
      .sort((a, b) => Number(b[''] === own) - Number(a[''] === own))
      .map((row) => ({ phase, ...row, 'this ÷ it': costs.compare(phase, own, String(row[''])) })),
  );
  return { title: 'Two builds of passport-metafy', explanation, rows };
}
