import { expect } from 'chai';
import { MetafyEmulator } from '../../src/emulator';

const application = {
  clientID: 'id',
  clientSecret: 'secret',
  name: 'App',
  redirectURIs: ['http://localhost/cb'],
};
const user = { id: '1', slug: 'ada', name: 'Ada' };
const tiers = [{ id: 't', name: 'Tier' }];
const community = { id: 'c', title: 'Community', ownerID: '1', tiers };
const apiKey = { key: `api-${'x'.repeat(43)}`, ownerID: '1' };

describe('options of the emulator', () => {
  it('have defaults: a demo application of the person who runs a community', () => {
    const { applications, users } = new MetafyEmulator();
    expect(applications).to.deep.equal([
      {
        clientID: 'metafy-demo',
        clientSecret: 'metafy-demo-secret',
        name: 'Demo application',
        redirectURIs: ['http://localhost:3000/auth/metafy/callback', 'http://127.0.0.1:3000/auth/metafy/callback'],
        scopes: ['profile', 'community', 'purchases', 'products'],
        ownerID: users.find(({ slug }) => slug === 'linus-partner')?.id,
      },
    ]);
  });

  it('have defaults: people, one without email and one partner', () => {
    const { users } = new MetafyEmulator();
    expect(users.filter(({ email }) => email === null).map(({ slug }) => slug)).to.deep.equal(['grace-student']);
    expect(users.filter(({ partner }) => partner).map(({ slug }) => slug)).to.deep.equal(['linus-partner']);
  });

  it('have defaults for one’s own people: the first owns the application, and there is no community', () => {
    const { applications, communities, apiKeys } = new MetafyEmulator({ users: [user] });
    expect(applications[0]?.ownerID).to.equal('1');
    expect([communities, apiKeys]).to.deep.equal([[], []]);
  });

  it('are copied, so that a change afterwards does nothing', () => {
    const redirectURIs = ['http://localhost/cb'];
    const emulator = new MetafyEmulator({ applications: [{ ...application, redirectURIs }], users: [user] });
    redirectURIs.push('http://localhost/other');
    expect(emulator.applications[0]?.redirectURIs).to.deep.equal(['http://localhost/cb']);
  });

  const wrong: [option: string, options: object][] = [
    ['prot', { prot: 1 }],
    ['hostname', { hostname: '' }],
    ['port', { port: 65536 }],
    ['port', { port: '80' }],
    ['users', { users: [] }],
    ['users', { users: 'ada' }],
    ['users[0].id', { users: [{ ...user, id: 1 }] }],
    ['users[0].slug', { users: [{ ...user, slug: undefined }] }],
    ['users[0].name', { users: [{ ...user, name: '' }] }],
    ['users[0]', { users: [null] }],
    ['users', { users: [user, { ...user, slug: 'other' }] }],
    ['users', { users: [user, { ...user, id: '2' }] }],
    ['applications', { applications: [] }],
    ['applications[0]', { applications: [null] }],
    ['applications[0].clientID', { applications: [{ ...application, clientID: 'ä' }] }],
    ['applications[0].clientSecret', { applications: [{ ...application, clientSecret: '' }] }],
    ['applications[0].name', { applications: [{ ...application, name: undefined }] }],
    ['applications[0].redirectURIs', { applications: [{ ...application, redirectURIs: [] }] }],
    ['applications[0].redirectURIs', { applications: [{ ...application, redirectURIs: ['/callback'] }] }],
    ['applications[0].redirectURIs', { applications: [{ ...application, redirectURIs: ['http://a/#b'] }] }],
    ['applications[0].scopes', { applications: [{ ...application, scopes: ['a b'] }] }],
    ['applications[0].ownerID', { applications: [{ ...application, ownerID: 'nobody' }] }],
    ['applications', { applications: [application, application] }],
    ['accessTokenLifetimeSeconds', { accessTokenLifetimeSeconds: 0 }],
    ['authorizationCodeLifetimeSeconds', { authorizationCodeLifetimeSeconds: 1.5 }],
    ['refreshMode', { refreshMode: 'never' }],
    ['pageSize', { pageSize: 101 }],
    ['noAccessForm', { noAccessForm: 'never' }],
    ['communities', { communities: 'c' }],
    ['communities', { users: [user], communities: [community, { ...community, id: 'other' }] }],
    ['communities[0].id', { users: [user], communities: [{ ...community, id: 1 }] }],
    ['communities[0].title', { users: [user], communities: [{ ...community, title: '' }] }],
    ['communities[0].ownerID', { users: [user], communities: [{ ...community, ownerID: '2' }] }],
    ['communities[0].tiers', { users: [user], communities: [{ ...community, tiers: undefined }] }],
    ['communities[0].tiers[0].name', { users: [user], communities: [{ ...community, tiers: [{ id: 't' }] }] }],
    [
      'communities[0].subscriptions[0].userID',
      { users: [user], communities: [{ ...community, subscriptions: [{ userID: '2', tierID: 't' }] }] },
    ],
    [
      'communities[0].subscriptions[0].tierID',
      { users: [user], communities: [{ ...community, subscriptions: [{ userID: '1', tierID: 'other' }] }] },
    ],
    ['communities[0].followerIDs', { users: [user], communities: [{ ...community, followerIDs: ['2'] }] }],
    ['apiKeys[0].key', { users: [user], apiKeys: [{ ...apiKey, key: 'api-short' }] }],
    ['apiKeys[0].ownerID', { users: [user], apiKeys: [{ ...apiKey, ownerID: undefined }] }],
    ['apiKeys[0].scopes', { users: [user], apiKeys: [{ ...apiKey, scopes: 'community' }] }],
  ];
  for (const [option, options] of wrong) {
    it(`are a TypeError naming ${option} with ${JSON.stringify(options)}`, () => {
      expect(() => new MetafyEmulator(options)).to.throw(TypeError, `${option} `);
    });
  }

  it('of refreshing are checked while the emulator runs, too', () => {
    const emulator = new MetafyEmulator();
    expect(() => Reflect.apply(emulator.setRefreshMode, emulator, ['never'])).to.throw(TypeError, 'refreshMode');
  });
});
