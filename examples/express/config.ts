import type { MetafyClientOptions, MetafyTier } from 'passport-metafy';

export const CALLBACK_PATH = '/auth/metafy/callback';

/** This demo, as it is registered at a Metafy. */
export interface Registration {
  client: MetafyClientOptions;
  /** Where Metafy sends the browser back to: absolute, or a path that is resolved against the request. */
  callbackURL: string;
  /** Without one there are no pages for supporters. */
  community: Community | undefined;
}

/** The community whose supporters have pages of their own. */
export interface Community {
  id: string;
  title: string;
  /** What its tiers are called, as far as this demo knows. */
  tiers: readonly MetafyTier[];
  /** The ids of the tiers that open the page of the inner circle; without any there is no such page. */
  innerCircle: readonly string[];
}

const VARIABLES = ['METAFY_CLIENT_ID', 'METAFY_CLIENT_SECRET', 'METAFY_CALLBACK_URL'] as const;

/**
 * The registration in the environment; `undefined` when there is none.
 *
 * @throws Error that says what is missing, when there is only a part of it
 */
export function readRegistration(): Registration | undefined {
  const missing = VARIABLES.filter((name) => !process.env[name]);
  if (missing.length === VARIABLES.length) return undefined;
  if (missing.length > 0) {
    throw new Error(`Set ${missing.join(' and ')} too, or none of ${VARIABLES.join(', ')}.`);
  }

  const [clientID, clientSecret, callbackURL = ''] = VARIABLES.map((name) => process.env[name]);
  const isUsable = URL.canParse(callbackURL, 'http://127.0.0.1') && callbackURL.endsWith(CALLBACK_PATH);
  if (!isUsable) {
    throw new Error(`METAFY_CALLBACK_URL must be a URL that ends with ${CALLBACK_PATH}, as this demo does.`);
  }
  // METAFY_URL is for an emulator in a process of its own; without it, metafy.gg.
  const client = { clientID, clientSecret, baseURL: process.env.METAFY_URL || undefined };
  return { client, callbackURL, community: readCommunity() };
}

/** `npx passport-metafy tiers` prints both ids. */
function readCommunity(): Community | undefined {
  const { METAFY_COMMUNITY_ID: id, METAFY_TIER_IDS } = process.env;
  const innerCircle = METAFY_TIER_IDS ? METAFY_TIER_IDS.split(',') : [];
  return id ? { id, title: 'the community', tiers: [], innerCircle } : undefined;
}
