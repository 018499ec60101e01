import { expect } from 'chai';
import { MetafyEmulator } from '../../src/emulator';

const names = { clientID: 'id', clientSecret: 'secret', name: 'App' };
const application = { ...names, redirectURIs: ['http://localhost/cb'] };
const user = { id: '1', slug: 'ada', name: 'Ada' };
const community = { id: 'c', title: 'Community', ownerID: '1', tiers: [{ id: 't', name: 'Tier' }] };
const apiKey = { key: `api-${'x'.repeat(43)}`, ownerID: '1' };

describe('options of the emulator', () => {
  it('have defaults: a demo application of the person who runs a community, and people in every state', () => {
    const { applications, users } = new MetafyEmulator();
    const ownerID = users.find(({ slug }) => slug === 'linus-partner')?.id;
    const scopes = ['profile', 'community', 'purchases', 'products'];
    const client = { clientID: 'metafy-demo', clientSecret: 'metafy-demo-secret' };
    expect(applications)
      .to.have.length(1)
      .with.property('0')
      .that.deep.includes({ ...client, scopes, ownerID });
    expect(users.filter(({ email }) => email === null).map(({ slug }) => slug)).to.deep.equal(['grace-student']);
    expect(users.filter(({ partner }) => partner).map(({ slug }) => slug)).to.deep.equal(['linus-partner']);
  });

  it('have defaults for one’s own people: the first owns the application, and there is no community', () => {
    const { applications, communities, apiKeys } = new MetafyEmulator({ users: [user] });
    expect(applications[0]?.ownerID).to.equal('1');
    expect([communities, apiKeys]).to.deep.equal([[], []]);
  });

  const expectTypeError = (option: string, options: object) =>
    expect(() => new MetafyEmulator(options), JSON.stringify(options)).to.throw(TypeError, `${option} `);

  it('are a TypeError that names the one at fault', () => {
    for (const [option, ...values] of [
      ['prot', 1],
      ['hostname', ''],
      ['port', 65536, '80'],
      ['users', [], 'ada', [user, { ...user, slug: 'other' }], [user, { ...user, id: '2' }]],
      ['applications', [], [application, application]],
      ['communities', 'c'],
      ['accessTokenLifetimeSeconds', 0],
      ['authorizationCodeLifetimeSeconds', 1.5],
      ['refreshMode', 'never'],
      ['pageSize', 101],
      ['noAccessForm', 'never'],
    ] as [string, ...unknown[]][]) {
      for (const value of values) expectTypeError(option, { [option]: value });
    }
    expectTypeError('communities', { users: [user], communities: [community, { ...community, id: 'other' }] });
    for (const list of ['users', 'applications']) expectTypeError(`${list}[0]`, { [list]: [null] });
  });

  it('are a TypeError that names the part of an entry at fault', () => {
    const uris = { redirectURIs: [[], ['/callback'], ['http://a/#b']] };
    for (const [list, right, wrong] of [
      ['users', user, { id: [1], slug: [undefined], name: [''] }],
      ['applications', application, { clientID: ['ä'], clientSecret: [''], name: [undefined], ...uris }],
      ['applications', application, { scopes: [['a b']], ownerID: ['nobody'] }],
      ['communities', community, { id: [1], title: [''], ownerID: ['2'], tiers: [undefined], followerIDs: [['2']] }],
      ['apiKeys', apiKey, { key: ['api-short'], ownerID: [undefined], scopes: ['community'] }],
    ] as const) {
      for (const [part, values] of Object.entries<readonly unknown[]>(wrong)) {
        for (const value of values)
          expectTypeError(`${list}[0].${part}`, { users: [user], [list]: [{ ...right, [part]: value }] });
      }
    }
    for (const [part, wrong] of [
      ['tiers[0].name', { tiers: [{ id: 't' }] }],
      ['subscriptions[0].userID', { subscriptions: [{ userID: '2', tierID: 't' }] }],
      ['subscriptions[0].tierID', { subscriptions: [{ userID: '1', tierID: 'other' }] }],
    ] as const)
      expectTypeError(`communities[0].${part}`, { users: [user], communities: [{ ...community, ...wrong }] });
  });

  it('of refreshing are checked while the emulator runs, too', () => {
    const emulator = new MetafyEmulator();
    expect(() => emulator.setRefreshMode('never' as never)).to.throw(TypeError, 'refreshMode');
  });
});
