import { createKeyv } from '@keyv/redis';
import { expect } from 'chai';
import type Keyv from 'keyv';
import { type Fleet, startFleet } from '../../../examples/fleet/fleet';
import { MetafyUserTokens } from '../../../src';
import { CookieBrowser, type Page } from '../../support/cookie-browser';
import { useRedis } from '../../support/redis';
import { useToken } from '../support/tokens';

const ada = '3f2a6c1e-9d84-4b57-8a10-6e5c7d2b9f41';

describe('examples/fleet', function () {
  this.timeout(60_000);
  useRedis();
  let fleet: Fleet;
  let keyv: Keyv;
  let users: MetafyUserTokens;
  let browser: CookieBrowser;

  before(async () => {
    fleet = await startFleet();
    const { METAFY_CLIENT_ID, METAFY_CLIENT_SECRET, METAFY_URL, REDIS_URL, TOKEN_SECRET } = fleet.environment;
    keyv = createKeyv(REDIS_URL as string, { throwOnErrors: true });
    users = new MetafyUserTokens({
      clientID: METAFY_CLIENT_ID,
      clientSecret: METAFY_CLIENT_SECRET,
      baseURL: METAFY_URL,
      store: keyv,
      secret: TOKEN_SECRET,
    });
  });
  after(async () => {
    await users?.delete(ada);
    await keyv?.disconnect();
    await fleet?.stop();
  });
  beforeEach(() => {
    browser = new CookieBrowser();
  });

  const get = (path: string) => browser.get(fleet.url + path);
  const nameServers = (...pages: Page[]) => pages.map(({ headers }) => headers['x-server']);

  async function signIn(): Promise<[start: Page, end: Page]> {
    const start = await get('/auth/metafy');
    return [start, await browser.get(await fleet.emulator.authorize(start.location, { user: 'ada-coach' }))];
  }

  /** Ada's access token has just expired, for the servers and for Metafy. */
  async function expireToken(): Promise<void> {
    const tokens = await users.get(ada);
    fleet.emulator.expire(tokens.accessToken);
    await users.set(ada, { ...tokens, expiresAt: new Date(Date.now() - 1) });
    fleet.emulator.clearRequests();
  }

  it('starts a sign-in on one server, ends it on the other, and keeps the person signed in on both', async () => {
    const [start, end] = await signIn();
    expect(nameServers(start, end).sort()).to.deep.equal(['one', 'two']);
    const pages = [await get('/'), await get('/')];
    expect(nameServers(...pages).sort()).to.deep.equal(['one', 'two']);
    for (const { body } of pages) expect(body).to.include('Signed in as Ada Coach');
  });

  it('sends the person to sign in when Metafy no longer takes the refresh token', async () => {
    await signIn();
    fleet.emulator.expire((await users.get(ada)).refreshToken as string);
    await expireToken();
    expect((await get('/me')).location).to.equal(`${fleet.url}/auth/metafy`);
  });

  it('signs out on both, and revokes', async () => {
    await signIn();
    const tokens = await users.get(ada);
    await browser.post(`${fleet.url}/sign-out`, 'text/plain', '');
    for (const { body } of [await get('/'), await get('/')]) expect(body).to.include('Not signed in');
    expect(await useToken(fleet.emulator, tokens)).to.equal(401);
  });
});
