import type { RequestParts } from '../../../support/strategy-run';

// biome-ignore lint/suspicious/noExplicitAny: hooks of every number of parameters
export type Hook = (this: any, ...parameters: any[]) => unknown;

/** A request to the application; `{state}` stands for the `state` that the login before it was given. */
export type Visit = Omit<RequestParts, 'url' | 'cookies'> & {
  /** @default the route that starts a login */
  url?: string;
  /** A parsed form post. */
  body?: string;
};

/** What happens to both strategies alike. */
export interface Trial {
  /** Beside the client, the three URLs, an absolute callback URL, the scope `profile` and no store. */
  options?: object;
  /** A store of its own for each strategy, whose calls are observed. */
  store?: () => { store: Hook; verify: Hook };
  session?: object;
  /** @default four parameters, signs `user-1` in */
  verify?: Hook;
  /** Methods of a subclass of each strategy. */
  methods?: Record<string, Hook>;
  /** Each strategy's own `userProfile`, instead of one that both share. */
  loadsProfile?: true;
  /** Replaces `_oauth2.getOAuthAccessToken`. */
  exchange?: Hook;
  /** Of the token endpoint. */
  answer?: { status?: number; body?: string | object; headers?: Record<string, string> };
  visits?: Visit[];
  /** Given to `authenticate` at each visit. */
  authenticate?: object;
  /** One of them may call nothing at all; needs `exchange`, so that the turns of the event loop are known. */
  mayNeverEnd?: true;
}

/** What Passport was told: the action and what it was given. */
export type Ending = string;

/** What is compared. Random values are masked, with their length. */
export interface Observation {
  /** One for each visit. */
  endings: Ending[];
  /** The parameters of each authorization request. */
  asked: object[];
  /** The parameters of each token request, whether form or JSON, without the client's credentials. */
  posted: object[];
  /** The profile requests: their URL and `Authorization`. */
  read: string[];
  /** The calls of the store's methods. */
  stored: unknown[];
  /** What verify received. */
  verified: unknown[][];
  session: unknown;
  /** Whether the verifier that was posted is that of the challenge asked with. */
  isProven: boolean | undefined;
}

/** Metafy's callback after a login has been started. */
export const back: Visit = { url: '/cb?code=a-code&state={state}' };
