import type { Agent, OutgoingHttpHeaders } from 'node:http';
import { rejectMisnamed, requireDuration, requireObject, requireString } from '../util/assert';

/** How to reach Metafy. */
export interface MetafyServerOptions {
  /**
   * Where Metafy is: https, or http on a loopback host, such as an emulator's URL.
   * @default 'https://metafy.gg'
   */
  baseURL?: string | undefined;
  /**
   * Milliseconds for one call, connecting, reading the answer and retries included.
   * @default 10_000
   */
  timeoutMs?: number | undefined;
  /**
   * A `node:http(s)` agent, for example of a proxy.
   * @default Node's global agent
   */
  agent?: Agent | undefined;
}

/** The application as Metafy knows it, and how to reach Metafy: the same keys everywhere in this package. */
export interface MetafyClientOptions extends MetafyServerOptions {
  /** The `client_id` from Metafy's OAuth Applications settings. Required; a missing one is a `TypeError`. */
  clientID: string | undefined;
  /** The `client_secret`, which Metafy shows once. Required; a missing one is a `TypeError`. */
  clientSecret: string | undefined;
}

/** `MetafyServerOptions`, checked and completed. */
export interface MetafyServer {
  /** Documented by Metafy, as `tokenURL` and `revocationURL` are. */
  authorizationURL: URL;
  tokenURL: URL;
  revocationURL: URL;
  /** Without a slash at its end. Seen in production. */
  apiURL: string;
  timeoutMs: number;
  agent: Agent | false | undefined;
  /** Sent with every request. */
  headers: OutgoingHttpHeaders;
}

/** `MetafyClientOptions`, checked and completed. */
export interface MetafyClient extends MetafyServer {
  clientID: string;
  clientSecret: string;
}

const { version } = require('../../package.json') as { version: string };

const commonHeaders = { Accept: 'application/json', 'User-Agent': `passport-metafy/${version}` };

/** @throws TypeError naming the option at fault */
export function resolveServer(options: MetafyServerOptions): MetafyServer {
  rejectMisnamed(options, ['baseURL', 'timeoutMs', 'agent']);
  const base = requireServerURL('baseURL', options.baseURL ?? 'https://metafy.gg').href.replace(/\/$/, '');
  return {
    authorizationURL: new URL(`${base}/auth/authorize`),
    tokenURL: new URL(`${base}/irk/oauth/token`),
    revocationURL: new URL(`${base}/irk/oauth/revoke`),
    apiURL: `${base}/irk/api`,
    timeoutMs: requireDuration('timeoutMs', options.timeoutMs ?? 10_000),
    agent: requireAgent(options.agent, new URL(base)),
    headers: commonHeaders,
  };
}

/** @throws TypeError naming the option at fault */
export function resolveClient(options: MetafyClientOptions): MetafyClient {
  requireObject('options', options);
  rejectMisnamed(options, ['clientID', 'clientSecret']);
  return {
    ...resolveServer(options),
    clientID: requireString('clientID', options.clientID),
    clientSecret: requireString('clientSecret', options.clientSecret),
  };
}

/**
 * Returns `url` when secrets may be sent there: https, or http on this machine, without credentials, fragment or, unless
 * allowed, query.
 *
 * @throws TypeError naming `option`
 */
export function requireServerURL(option: string, url: unknown, allow: { query?: boolean } = {}): URL {
  const parsed = typeof url === 'string' && URL.canParse(url) ? new URL(url) : undefined;
  if (!parsed || !/^https?:$/.test(parsed.protocol)) {
    throw new TypeError(`option \`${option}\` must be an absolute https URL, such as https://metafy.gg`);
  }
  if (parsed.protocol === 'http:' && !isLoopback(parsed.hostname)) {
    throw new TypeError(
      `option \`${option}\` must be an https URL, since secrets travel to it (http is for loopback hosts only)`,
    );
  }
  // Looked for in `href`: `hash` and `search` are empty for a bare `#` and `?`.
  const hasTail = parsed.href.includes('#') || (parsed.href.includes('?') && !allow.query);
  if (parsed.username || parsed.password || hasTail) {
    throw new TypeError(`option \`${option}\` must be a URL without credentials, query and fragment`);
  }
  return parsed;
}

/**
 * Returns an agent that can reach `url`, or `undefined` where there is none.
 *
 * @throws TypeError naming the option `agent`
 */
export function requireAgent(agent: unknown, url: URL): Agent | false | undefined {
  if (agent === undefined || agent === null) return undefined;
  // node-oauth's and Node's word for a connection of its own for each request.
  if (agent === false) return agent;
  // Not `instanceof`: agents of other packages implement node:http's interface without extending its class.
  if (typeof (agent as { addRequest?: unknown }).addRequest !== 'function') {
    throw new TypeError('option `agent` must be an agent of node:http or node:https');
  }
  // Only Node's own have it as a property of their own; those of proxies find it out for each request.
  const protocol = Object.getOwnPropertyDescriptor(agent, 'protocol')?.value ?? url.protocol;
  if (protocol === url.protocol) return agent as Agent;
  throw new TypeError(`option \`agent\` must be an agent for ${url.protocol}//, as in ${url.origin}`);
}

/** @see RFC 6761, section 6.3 (`localhost.`); RFC 8252, section 8.3 */
function isLoopback(hostname: string): boolean {
  return /^(?:(?:[^.]+\.)*localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(hostname);
}
