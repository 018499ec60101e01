/** A process of its own, whose environment names the proxies: a token request and a call of the API, to the URL given. */
import { MetafyAPI, MetafyClientCredentials } from '../../../src';
import { toClient } from '../support/tokens';

async function main(): Promise<void> {
  const client = toClient({ url: process.argv[2] as string });
  const token = new MetafyClientCredentials({ ...client, scope: 'community' });
  const community = await new MetafyAPI({ baseURL: client.baseURL, token }).getOwnCommunity();
  console.log(community?.title);
}

main().catch(({ code, cause }) => {
  console.log(code, cause?.code);
  process.exitCode = 1;
});
