import { back, type Expectation, type Hook } from '../trial';

const redirected = ['redirect /authorize'];
const signedIn = [...redirected, 'success {"id":"user-1"} {}'];
const secure = { extra: { socket: { encrypted: true } } };
const trusting = { extra: { app: { get: (setting: string) => setting === 'trust proxy' } } };
const untrusting = { extra: { app: { get: () => false } } };
const relative = { callbackURL: '/auth/cb' };
const forwarded = {
  host: 'server.internal',
  'x-forwarded-proto': 'https',
  'x-forwarded-host': 'www.example',
};
const withSession = { state: true, pkce: true, store: undefined };

const overriding: Hook = ({ prompt }) => ({
  prompt,
  resource: 'a & b',
  client_id: 'another',
  redirect_uri: 'https://another.example',
  response_type: 'token',
  scope: 'another',
  state: 'another',
});

/** How a login starts. */
export const starts: Expectation[] = [
  { title: 'asks with the client, the callback URL and the scope', endings: redirected },
  { title: 'takes several scopes as text', options: { scope: 'profile purchases' }, endings: redirected },
  {
    title: 'takes several scopes as a list',
    options: { scope: ['profile', 'purchases'] },
    endings: redirected,
  },
  { title: 'takes an empty scope of the request for none', authenticate: { scope: '' }, endings: redirected },
  {
    title: 'repeats an additional parameter with several values',
    methods: { authorizationParams: () => ({ resource: ['https://a.example', 'https://b.example'] }) },
    endings: redirected,
  },
  { title: 'prefers the scope of the request', authenticate: { scope: 'community' }, endings: redirected },
  {
    title: 'prefers the scopes of the request as a list',
    authenticate: { scope: ['community', 'products'] },
    endings: redirected,
  },
  {
    title: 'prefers the callback URL of the request, also in the code exchange',
    authenticate: { callbackURL: 'https://other.example/cb' },
    visits: [{}, back],
    endings: signedIn,
  },
  {
    title: 'completes a relative callback URL of the request, on a secure connection',
    authenticate: { callbackURL: '/cb' },
    visits: [secure, { ...back, ...secure }],
    endings: signedIn,
  },
  ...['/auth/cb', 'cb', '../cb', '/cb?tab=1', '//other.example/cb'].map((callbackURL) => ({
    title: `completes the callback URL ${callbackURL}, also in the code exchange`,
    options: { callbackURL },
    visits: [{ url: '/auth/metafy' }, { ...back, url: '/auth/metafy?code=a&state={state}' }],
    endings: signedIn,
  })),
  { title: 'sees a secure connection', options: relative, visits: [secure], endings: redirected },
  {
    title: 'believes a proxy with the option `proxy`',
    options: { ...relative, proxy: true },
    visits: [{ headers: forwarded }],
    endings: redirected,
  },
  {
    title: 'believes a proxy that names no host with the option `proxy`',
    options: { ...relative, proxy: true },
    visits: [{ headers: { 'x-forwarded-proto': 'HTTPS, http' } }],
    endings: redirected,
  },
  {
    title: 'believes a proxy that Express trusts',
    options: relative,
    visits: [{ headers: forwarded, ...trusting }],
    endings: redirected,
  },
  {
    title: 'does not believe a proxy that Express does not trust',
    options: relative,
    visits: [{ headers: forwarded, ...untrusting }],
    endings: redirected,
  },
  {
    title: 'does not believe a proxy unasked',
    options: relative,
    visits: [{ headers: forwarded }],
    endings: redirected,
  },
  {
    title: 'sends a state that is text where there is no store',
    authenticate: { state: 'own & more' },
    endings: redirected,
  },
  { title: 'sends no empty state', authenticate: { state: '' }, endings: redirected },
  {
    title: 'keeps no object as state without a store',
    authenticate: { state: { to: '/' } },
    visits: [{}, back],
    endings: signedIn,
  },
  ...[true, 'S256'].map((pkce) => ({
    title: `keeps state and verifier in the session with pkce: ${pkce}`,
    options: { ...withSession, pkce },
    session: { other: 1 },
    endings: redirected,
  })),
  {
    title: 'forgets state and verifier in the session when they are used',
    options: withSession,
    session: { other: 1 },
    visits: [{}, back],
    endings: signedIn,
  },
  {
    title: 'keeps an object as state in the session',
    options: withSession,
    session: {},
    authenticate: { state: { to: '/settings' } },
    endings: redirected,
  },
  {
    title: 'gives an object that was kept in the session back',
    options: withSession,
    session: {},
    authenticate: { state: { to: '/settings' } },
    visits: [{}, back],
    endings: [...redirected, 'success {"id":"user-1"} {"state":{"to":"/settings"}}'],
  },
  {
    title: 'finishes a login that passport-oauth2 has put into the session',
    options: withSession,
    session: {
      'oauth2:127.0.0.1': { state: { handle: 'a-handle', code_verifier: 'a-verifier', state: { to: '/' } } },
    },
    visits: [{ url: '/cb?code=a-code&state=a-handle' }],
    endings: ['success {"id":"user-1"} {"state":{"to":"/"}}'],
  },
  {
    title: 'keeps state under another key in the session',
    options: { ...withSession, sessionKey: 'own' },
    session: {},
    endings: redirected,
  },
  {
    title: 'takes parameters from authorizationParams, but none of its own',
    methods: { authorizationParams: overriding },
    authenticate: { prompt: 'login', state: 'own' },
    endings: redirected,
  },
  {
    title: 'takes scope and state from authorizationParams where nothing else gives them',
    options: { scope: [] },
    methods: { authorizationParams: () => ({ state: 'own' }) },
    authenticate: { scope: 'community' },
    endings: redirected,
  },
  {
    title: 'runs a subclass whose authenticate changes the options',
    methods: {
      authenticate(req, options) {
        // The request's object, the strategy, the subclass, the strategy's class.
        const { authenticate } = [1, 2, 3].reduce((object) => Object.getPrototypeOf(object), this);
        authenticate.call(this, req, { ...options, scope: 'community' });
      },
    },
    endings: redirected,
  },
];
