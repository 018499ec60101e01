import { skipWithout } from './skip-without';

/**
 * A server for a `describe`: the one at the URL in the environment, or one that `start` starts, which all tests share
 * until the process ends. Where there is neither, the tests are skipped, and fail on CI.
 *
 * @param start resolves to its URL, or to `undefined` where it is not installed
 * @param packageName Debian's
 */
export function createService(
  name: string,
  variable: string,
  packageName: string,
  start: () => Promise<string | undefined>,
): () => { readonly url: string } {
  let server: Promise<string | undefined> | undefined;
  return () => {
    let url: string | undefined;
    before(async function () {
      this.timeout(60_000);
      server ??= process.env[variable] ? Promise.resolve(process.env[variable]) : start();
      url = await server;
      if (!url) skipWithout(this, name, `install it (apt-get install ${packageName}) or set ${variable}`);
    });
    return {
      get url() {
        if (!url) throw new Error(`${name} runs during tests only`);
        return url;
      },
    };
  };
}
