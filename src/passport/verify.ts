import { types } from 'node:util';
import type { Request } from 'express';
import type { MetafyProfile } from '../metafy/profile';
import type { MetafyTokens, TokenResponse } from '../metafy/token-response';

/** What the modern verify callback receives. */
export interface MetafyLogin {
  req: Request;
  /** Absent only with `skipUserProfile`. */
  profile: MetafyProfile;
  tokens: MetafyTokens;
}

/**
 * The user to sign in, or `false` or `null` to refuse; or a promise of that. `then` is named, because without it
 * a promise of anything would pass for a user where `Express.User` has no required field.
 */
export type MetafyVerifyResult =
  | PromiseLike<Express.User | false | null>
  | (Express.User & { then?: never })
  | false
  | null;

/**
 * One parameter; returns the user, `false` or `null`, or a promise of one.
 *
 * The shape is told by the function's `length`. A wrapper whose `length` is not 1, such as `(...args) => verify(...args)`
 * or one whose parameter has a default value, is called the classic way: it gets the access token where it expects
 * `{ profile, tokens }`.
 */
export type MetafyVerify = (login: MetafyLogin) => MetafyVerifyResult;

/** Passport's own callback: `done(error)`, `done(null, user, info)` or `done(null, false, info)`. */
export type MetafyDone = (error?: unknown, user?: Express.User | false | null, info?: object) => void;

/** Passport's classic shape: four parameters. What it returns is not used. */
export type MetafyClassicVerify = (
  accessToken: string,
  refreshToken: string,
  profile: MetafyProfile,
  done: MetafyDone,
) => unknown;

/** The classic shape with Metafy's whole token answer in it: five parameters. */
export type MetafyClassicVerifyWithParams = (
  accessToken: string,
  refreshToken: string,
  params: TokenResponse,
  profile: MetafyProfile,
  done: MetafyDone,
) => unknown;

/** The classic shape with `passReqToCallback: true`: five parameters. */
export type MetafyClassicVerifyWithRequest = (
  req: Request,
  accessToken: string,
  refreshToken: string,
  profile: MetafyProfile,
  done: MetafyDone,
) => unknown;

/** The classic shape with `passReqToCallback: true` and the token answer: six parameters. */
export type MetafyClassicVerifyWithRequestAndParams = (
  req: Request,
  accessToken: string,
  refreshToken: string,
  params: TokenResponse,
  profile: MetafyProfile,
  done: MetafyDone,
) => unknown;

/** Everything any shape of verify callback may ask for. */
export interface VerifyInput {
  /** What the callback is called on, as passport-oauth2 does. */
  strategy: object;
  req: Request;
  /** Of the token endpoint. */
  answer: TokenResponse;
  /** @default `answer` without its refresh token, as node-oauth has it */
  params?: object | undefined;
  profile: MetafyProfile | undefined;
  /** Made when asked for: only the modern shape does. */
  toTokens: () => MetafyTokens;
}

export interface VerifyResult {
  user: Express.User | false | null | undefined;
  info?: unknown;
}

/** Any shape of verify callback, as one function that rejects when it fails. */
export type Verifier = (input: VerifyInput) => Promise<VerifyResult>;

const forgottenDone =
  'The verify callback finished without calling `done`. ' +
  'To return the user instead, take one parameter: ({ profile }) => user.';

// biome-ignore lint/suspicious/noExplicitAny: the shapes differ in number and order of parameters
type AnyVerify = (...parameters: any[]) => unknown;

/**
 * Adapts the verify callback, whose shape its number of parameters tells:
 *
 * | parameters | without `passReqToCallback` | with it |
 * | --- | --- | --- |
 * | 1 | `({ req, profile, tokens })` | the same |
 * | 6 | | `(req, accessToken, refreshToken, params, profile, done)` |
 * | 5 | `(accessToken, refreshToken, params, profile, done)` | `(req, accessToken, refreshToken, profile, done)` |
 * | any other | `(accessToken, refreshToken, profile, done)` | `(req, accessToken, refreshToken, profile, done)` |
 *
 * "Any other" includes the rest parameter of `@nestjs/passport`, whose length is 0.
 *
 * @param doneTimeoutMs how long a classic callback may take to call `done` after the promise it returned is fulfilled,
 *   or, when it has no parameter for `done`, after it returned anything. What that is, is never taken for the user.
 */
export function adaptVerify(verify: AnyVerify, passReqToCallback: boolean, doneTimeoutMs: number): Verifier {
  if (verify.length === 1) return (input) => callModern(verify, input);
  const wantsParams = verify.length === (passReqToCallback ? 6 : 5);
  return ({ strategy, req, answer, params, profile }) => {
    const { refresh_token: refreshToken, ...rest } = answer;
    const parameters: unknown[] = [...(passReqToCallback ? [req] : []), answer.access_token, refreshToken];
    if (wantsParams) parameters.push(params ?? rest);
    return callClassic(verify, strategy, [...parameters, profile], doneTimeoutMs);
  };
}

async function callModern(verify: AnyVerify, input: VerifyInput): Promise<VerifyResult> {
  const { strategy, req, profile, toTokens } = input;
  const user = (await verify.call(strategy, { req, profile, tokens: toTokens() })) as VerifyResult['user'];
  if (user === undefined) {
    throw new TypeError('The verify callback returned undefined: return the user, or false to refuse the sign-in.');
  }
  return { user };
}

function callClassic(
  verify: AnyVerify,
  strategy: object,
  parameters: unknown[],
  doneTimeoutMs: number,
): Promise<VerifyResult> {
  return new Promise((resolve, reject) => {
    let doneTimer: NodeJS.Timeout | undefined;
    let isDone = false;
    const done: MetafyDone = (error, user, info) => {
      isDone = true;
      clearTimeout(doneTimer);
      if (error) reject(error);
      else resolve({ user, info });
    };
    const expectDone = (): void => {
      if (isDone) return;
      const forgotten = () => reject(new TypeError(forgottenDone));
      doneTimer = setTimeout(forgotten, doneTimeoutMs);
    };

    const returned = verify.call(strategy, ...parameters, done);
    // What async functions return, and nothing else with a `then`: a query of knex or Mongoose would run again.
    if (types.isPromise(returned)) returned.then(expectDone, reject);
    else if (verify.length < 4 && returned !== undefined) expectDone();
  });
}

/** Passport's `info`, with the application's state in it. */
export function addState(info: unknown, state: unknown): object {
  if (!state) return (info || {}) as object;
  return typeof info === 'string' ? { message: info, state } : { ...(info as object | undefined), state };
}
