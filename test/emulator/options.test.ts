import { expect } from 'chai';
import { MetafyEmulator } from '../../src/emulator';

const application = {
  clientID: 'id',
  clientSecret: 'secret',
  name: 'App',
  redirectURIs: ['http://localhost/cb'],
};
const user = { id: '1', slug: 'ada', name: 'Ada' };

describe('options of the emulator', () => {
  it('have defaults: a demo application', () => {
    expect(new MetafyEmulator().applications).to.deep.equal([
      {
        clientID: 'metafy-demo',
        clientSecret: 'metafy-demo-secret',
        name: 'Demo application',
        redirectURIs: [
          'http://localhost:3000/auth/metafy/callback',
          'http://127.0.0.1:3000/auth/metafy/callback',
        ],
        scopes: ['profile', 'community', 'purchases', 'products'],
        ownerID: '3f2a6c1e-9d84-4b57-8a10-6e5c7d2b9f41',
      },
    ]);
  });

  it('have defaults: three people, one without email and one partner', () => {
    const { users } = new MetafyEmulator();
    expect(users).to.have.length(3);
    expect(users.filter(({ email }) => email === null)).to.have.length(1);
    expect(users.filter(({ partner }) => partner)).to.have.length(1);
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
  ];
  for (const [option, options] of wrong) {
    it(`are a TypeError naming ${option} with ${JSON.stringify(options)}`, () => {
      expect(() => new MetafyEmulator(options)).to.throw(TypeError, `${option} `);
    });
  }

  it('of refreshing are checked while the emulator runs, too', () => {
    const emulator = new MetafyEmulator();
    expect(() => Reflect.apply(emulator.setRefreshMode, emulator, ['never'])).to.throw(
      TypeError,
      'refreshMode',
    );
  });
});
