import type { Chapter } from './chapters/chapter';
import { findBareFloor, findCheapest, type LoginCost, type Phase } from './chapters/logins';
import type { Weight } from './chapters/weight';
import { isSpread } from './statistics';

interface Target {
  what: string;
  limit: number;
  measured: number;
  /** @default at most the limit */
  isMinimum?: boolean;
}

/** What this package wants to be, beside what it was in this run. */
export function compareWithTargets(costs: LoginCost[], tokens: Chapter, weights: Weight[]): Chapter {
  const ours = costs.find(({ kind }) => kind === 'ours') as LoginCost;
  const compare = (phase: Phase, kind: string): number => {
    const other = kind === 'floor' ? findBareFloor(costs) : findCheapest(costs, phase, kind);
    return ours[phase].cpuMs.median / other[phase].cpuMs.median;
  };

  const findSlowest = (matches: (name: string) => boolean): number => {
    const rates = tokens.rows.filter((row) => matches(String(row['']))).map((row) => row['calls/s']);
    return Math.min(...rates.map((rate) => (isSpread(rate) ? rate.median : 0)));
  };
  const [weight, reference] = ['passport-metafy', 'passport-oauth2'].map(
    (wanted) => weights.find(({ name }) => name === wanted) as Weight,
  ) as [Weight, Weight];

  const targets: Target[] = [
    {
      what: 'redirect CPU ÷ cheapest Passport peer',
      limit: 0.75,
      measured: compare('redirect', 'Passport peer'),
    },
    { what: 'redirect CPU ÷ arctic', limit: 1, measured: compare('redirect', 'peer') },
    { what: 'redirect CPU ÷ bare answer', limit: 1.7, measured: compare('redirect', 'floor') },
    {
      what: 'callback CPU ÷ cheapest Passport peer',
      limit: 0.72,
      measured: compare('callback', 'Passport peer'),
    },
    { what: 'callback CPU ÷ two bare exchanges', limit: 1.12, measured: compare('callback', 'floor') },
    {
      what: '`getToken()` from memory, calls/s',
      limit: 1_000_000,
      measured: findSlowest((name) => name.includes('getToken')),
      isMinimum: true,
    },
    {
      what: '`MetafyUserTokens.get`, fresh, unsealed in a `Map`, calls/s, slowest',
      limit: 100_000,
      measured: findSlowest((name) => name.includes('UserTokens') && !name.includes('sealed')),
      isMinimum: true,
    },
    {
      what: "`require`, ms above passport-oauth2's",
      limit: 5,
      measured: weight.loadMs.median - reference.loadMs.median,
    },
    {
      what: "installed size ÷ passport-oauth2's",
      limit: 1.2,
      measured: weight.installedKiB / reference.installedKiB,
    },
    {
      what: "the same without `@types`, which passport-oauth2's users install themselves",
      limit: 1.2,
      measured: (weight.installedKiB - weight.typesKiB) / reference.installedKiB,
    },
  ];
  return {
    title: 'Targets',
    explanation: 'The medians of the tables below.',
    rows: targets.map(({ what, limit, measured, isMinimum }) => ({
      '': what,
      target: `${isMinimum ? '≥' : '≤'} ${limit.toLocaleString('en')}`,
      measured,
      reached: (isMinimum ? measured >= limit : measured <= limit) ? 'yes' : 'no',
    })),
  };
}
