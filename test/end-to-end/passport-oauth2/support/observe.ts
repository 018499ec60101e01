import { createHash } from 'node:crypto';
import { parse } from 'node:querystring';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Request } from 'express';
import type { Strategy } from 'passport';
import { Strategy as OAuth2Strategy } from 'passport-oauth2';
import { MetafyStrategy } from '../../../../src';
import { clientOptions } from '../../../support/client-options';
import { type CookieJar, createRequest, keepCookies } from '../../../support/strategy-run';
import { describeCall, describeValue } from './descriptions';
import type { TokenServer } from './token-server';
import type { Hook, Observation, Trial } from './trial';

const names = ['success', 'fail', 'redirect', 'error', 'pass'];

const signUserIn: Hook = (_accessToken, _refreshToken, _profile, done) => done(null, { id: 'user-1' });

/** Runs `trial` with one of the two strategies. */
export async function observe(side: 'theirs' | 'ours', trial: Trial, server: TokenServer): Promise<Observation> {
  const { posted, read } = server.expect(trial.answer);
  const seen = {
    endings: [] as string[],
    asked: [] as object[],
    stored: [] as unknown[],
    verified: [] as unknown[][],
  };
  let challenge: string | undefined;
  const session = structuredClone(trial.session);
  const finish = (): Observation => ({
    ...seen,
    posted: posted.map((parameters) => describeValue(parameters) as object),
    read,
    session: describeValue(session),
    isProven: challenge && posted[0] ? toChallenge(posted[0].code_verifier) === challenge : undefined,
  });

  let strategy: Strategy;
  try {
    const client = { ...server.endpoints, ...clientOptions, callbackURL: 'https://app.example/cb' };
    const store = trial.store && { store: watchStore(trial.store(), seen.stored) };
    const verify = watch(trial.verify ?? signUserIn, (parameters) => {
      seen.verified.push(parameters.map(describeValue));
    });
    const options = { ...client, scope: 'profile', store: false, ...trial.options, ...store };
    strategy = createStrategy(side, trial, options, verify);
  } catch (error) {
    return { ...finish(), endings: [describeCall(['is not constructed', error])] };
  }

  const jar: CookieJar = new Map();
  let state = '';
  for (const { url = '/auth', body, extra, ...parts } of trial.visits ?? [{}]) {
    const fill = (text: string): string => text.replaceAll('{state}', encodeURIComponent(state));
    const form = body === undefined ? undefined : { body: { ...parse(fill(body)) } };
    const req = createRequest({
      ...parts,
      url: fill(url),
      cookies: jar,
      extra: { ...(session && { session }), ...form, ...extra },
    });
    const calls = await callPassport(strategy, req, trial);
    keepCookies(jar, req);
    for (const [, target] of calls.filter(([action]) => action === 'redirect')) {
      const { searchParams } = new URL(String(target));
      state = searchParams.get('state') ?? '';
      challenge = searchParams.get('code_challenge') ?? undefined;
      seen.asked.push(describeValue({ ...parse(String(searchParams)) }) as object);
    }
    seen.endings.push(calls.map(describeCall).join(', then ') || 'nothing');
  }
  return finish();
}

function createStrategy(side: 'theirs' | 'ours', trial: Trial, options: object, verify: Hook): Strategy {
  const Base = (side === 'ours' ? MetafyStrategy : OAuth2Strategy) as unknown as new (
    options: object,
    verify: Hook,
  ) => Strategy;
  class Own extends Base {}
  const userProfile: Hook = (_accessToken, done) => done(null, { id: 'of the subclass' });
  Object.assign(Own.prototype, !trial.loadsProfile && { userProfile }, trial.methods);
  const strategy = new Own(options, verify);
  if (trial.exchange) {
    const { _oauth2 } = strategy as unknown as { _oauth2: object };
    Object.assign(_oauth2, { getOAuthAccessToken: trial.exchange });
  }
  return strategy;
}

/** As Passport does, on an object made from the strategy; every action called, in order. */
async function callPassport(strategy: Strategy, req: Request, trial: Trial): Promise<unknown[][]> {
  const calls: unknown[][] = [];
  await new Promise<void>((resolve) => {
    const act = (...call: unknown[]): void => {
      calls.push(call);
      resolve();
    };
    const actions = Object.fromEntries(names.map((name) => [name, act.bind(null, name)]));
    try {
      Object.assign(Object.create(strategy), actions).authenticate(req, trial.authenticate);
    } catch (error) {
      act('throws', error);
    }
    if (trial.mayNeverEnd) nextTurn().then(() => resolve());
  });
  await nextTurn();
  return calls;
}

/** `hook` with its number of parameters, which says how it is called. */
function watch(hook: Hook, log: (parameters: unknown[]) => void): Hook {
  const watched: Hook = function (...parameters) {
    log(parameters);
    return hook.apply(this, parameters);
  };
  return Object.defineProperty(watched, 'length', { value: hook.length });
}

function watchStore(store: { store: Hook; verify: Hook }, log: unknown[]): object {
  const watchMethod = (name: 'store' | 'verify'): Hook =>
    watch(store[name], (parameters) => log.push([name, ...parameters.map(describeValue)]));
  return { store: watchMethod('store'), verify: watchMethod('verify') };
}

function toChallenge(verifier: unknown): string {
  return createHash('sha256').update(String(verifier)).digest('base64url');
}
