import type { Agent } from 'node:http';
import { deriveEndpoints } from './endpoints';
import { type Connection, type HttpTarget, toHttpTarget } from './http';
import { explainMisuse, requireDuration, requireObject, requireText } from './options';

/** The application as Metafy knows it, and how to reach Metafy: the same keys everywhere in this package. */
export interface MetafyClientOptions {
  /** The `client_id` from Metafy's OAuth Applications settings. Required; a missing one is a `TypeError`. */
  clientID: string | undefined;
  /** The `client_secret`, which Metafy shows once. Required; a missing one is a `TypeError`. */
  clientSecret: string | undefined;
  /**
   * Where Metafy is: https, or http on a loopback host, such as an emulator's URL.
   * @default 'https://metafy.gg'
   */
  baseURL?: string | undefined;
  /**
   * Milliseconds for one call, connecting and reading the answer included.
   * @default 10_000
   */
  timeoutMs?: number | undefined;
  /**
   * A `node:http(s)` agent, for example of a proxy.
   * @default a keep-alive agent shared by this package
   */
  agent?: Agent | undefined;
}

/** What the token endpoint needs. */
export interface TokenClient extends Connection {
  clientID: string;
  clientSecret: string;
  token: HttpTarget;
}

/** `MetafyClientOptions`, checked and taken apart once. */
export interface MetafyClient extends TokenClient {
  revocation: HttpTarget;
}

const { version } = require('../package.json') as { version: string };

/** The headers of every request to Metafy. */
export const commonHeaders = {
  Accept: 'application/json',
  'Accept-Encoding': 'identity',
  'User-Agent': `passport-metafy/${version}`,
};

/** @throws TypeError naming `owner` and the option at fault */
export function resolveClient(owner: string, options: MetafyClientOptions): MetafyClient {
  return explainMisuse(owner, () => {
    requireObject('options', options);
    const endpoints = deriveEndpoints(options.baseURL);
    return {
      clientID: requireText('clientID', options.clientID),
      clientSecret: requireText('clientSecret', options.clientSecret),
      token: toHttpTarget(endpoints.token),
      revocation: toHttpTarget(endpoints.revocation),
      timeoutMs: requireDuration('timeoutMs', options.timeoutMs ?? 10_000),
      agent: checkAgent(options.agent),
      headers: commonHeaders,
    };
  });
}

// Not `instanceof`: agents of other packages implement node:http's interface without extending its class.
function checkAgent(agent: MetafyClientOptions['agent']): Agent | undefined {
  if (agent === undefined || agent === null) return undefined;
  if (typeof (agent as { addRequest?: unknown }).addRequest === 'function') return agent;
  throw new TypeError('option `agent` must be an agent of node:http or node:https');
}
