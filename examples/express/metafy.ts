import { MetafyEmulator, type MetafyEmulatorRequest } from 'passport-metafy/emulator';
import { CALLBACK_PATH, type Community, type Registration } from './config';
import { Outage } from './outage';

/** The Metafy that this demo talks to. */
export interface Metafy extends Registration {
  /** Where else than here the pictures of people come from, for the Content-Security-Policy. */
  pictureSource: string;
  /** What there is to try out while Metafy is an emulator in this process. */
  emulation: Emulation | undefined;
  stop(): Promise<void>;
}

export interface Emulation {
  /** Whom a visitor may sign in as. */
  people: readonly { name: string; description: string }[];
  outage: Outage;
  /** What has been asked of it so far. */
  listRequests(): readonly MetafyEmulatorRequest[];
}

/** The Metafy of `registration`, usually metafy.gg; without one, an emulator in this process. */
export async function connectMetafy(registration: Registration | undefined, port: number): Promise<Metafy> {
  if (!registration) return startEmulator(port);
  const pictureSource = `https: ${registration.client.baseURL ?? ''}`;
  return { ...registration, pictureSource, emulation: undefined, stop: async () => {} };
}

/** An emulator that knows this demo under every name that a browser on this machine may know it by. */
async function startEmulator(port: number): Promise<Metafy> {
  const client = { clientID: 'metafy-demo', clientSecret: 'metafy-demo-secret' };
  const origins = [`http://127.0.0.1:${port}`, `http://localhost:${port}`];
  const redirectURIs = origins.map((origin) => origin + CALLBACK_PATH);
  const emulator = new MetafyEmulator({ applications: [{ ...client, name: 'Express demo', redirectURIs }] });
  await emulator.start();
  return {
    client: { ...client, baseURL: emulator.url },
    callbackURL: CALLBACK_PATH,
    community: findCommunity(emulator),
    pictureSource: emulator.url,
    emulation: {
      people: describePeople(emulator),
      outage: new Outage(emulator),
      listRequests: () => emulator.requests,
    },
    stop: () => emulator.stop(),
  };
}

function findCommunity({ communities: [community] }: MetafyEmulator): Community | undefined {
  if (!community) return undefined;
  const { id, title, tiers } = community;
  return { id, title, tiers, innerCircle: tiers.slice(-1).map((tier) => tier.id) };
}

function describePeople({ users, communities: [community] }: MetafyEmulator): Emulation['people'] {
  return users.map(({ id, name }) => {
    const subscription = community?.subscriptions?.find(({ userID }) => userID === id);
    const tier = community?.tiers.find((candidate) => candidate.id === subscription?.tierID);
    if (subscription?.isLapsed) return { name, description: 'no longer a supporter' };
    if (subscription) return { name, description: `supporter, tier “${tier?.name}”` };
    if (community?.ownerID === id) return { name, description: 'owner of the community' };
    if (community?.followerIDs?.includes(id)) return { name, description: 'follower, who has never paid' };
    return { name, description: 'none of these' };
  });
}
