import { MetafyEmulator } from 'passport-metafy/emulator';
import { CALLBACK_PATH, type Registration } from './config';

/** The Metafy that this demo talks to. */
export interface Metafy extends Registration {
  /** Where else than here the pictures of people come from, for the Content-Security-Policy. */
  pictureSource: string;
  isEmulator: boolean;
  stop(): Promise<void>;
}

/** The Metafy of `registration`, usually metafy.gg; without one, an emulator in this process. */
export async function connectMetafy(registration: Registration | undefined, port: number): Promise<Metafy> {
  if (!registration) return startEmulator(port);
  const pictureSource = `https: ${registration.client.baseURL ?? ''}`;
  return { ...registration, pictureSource, isEmulator: false, stop: async () => {} };
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
    pictureSource: emulator.url,
    isEmulator: true,
    stop: () => emulator.stop(),
  };
}
