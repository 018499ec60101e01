import { callbackPath } from '../../support/sign-in-app';

/** The callback URL `url` with other parameters; `undefined` takes one away. */
export function changeQuery(url: string, parameters: Record<string, string | undefined>): string {
  const changed = new URL(url);
  for (const [name, value] of Object.entries(parameters)) {
    if (value === undefined) changed.searchParams.delete(name);
    else changed.searchParams.set(name, value);
  }
  return changed.href;
}

export function readParameter(url: string, name: string): string {
  return new URL(url).searchParams.get(name) ?? '';
}

/** An application as the emulator wants it. */
export function registerApplication(clientID: string, origins: string[], path = callbackPath) {
  return {
    clientID,
    clientSecret: `the secret of ${clientID}`,
    name: clientID,
    redirectURIs: origins.map((origin) => origin + path),
  };
}
