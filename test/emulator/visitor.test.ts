import { expect } from 'chai';
import nock from 'nock';
import { Visitor } from '../../src/emulator';
import { caught } from '../support/caught';
import { useNock } from '../support/nock-metafy';
import { WebServer } from '../support/web-server';

/** What the server answers at a path, with the cookies that arrived as its body. */
interface Page {
  status?: number;
  location?: string;
  cookies?: string[];
}

describe('Visitor', () => {
  let server: WebServer;
  let url: string;
  let pages: Record<string, Page>;
  let visitor: Visitor;

  before(async () => {
    server = await WebServer.start();
    url = server.url;
    server.handle((request, response) => {
      const { status = 200, location, cookies = [] } = pages[request.url?.split('?')[0] ?? ''] ?? {};
      response.writeHead(status, { 'Set-Cookie': cookies, ...(location && { Location: location }) });
      response.end(`${request.method} ${request.headers.cookie ?? 'no cookies'}`);
    });
  });
  after(() => server[Symbol.asyncDispose]());
  beforeEach(() => {
    pages = {};
    visitor = new Visitor();
  });

  for (const [title, lines, path, sent] of [
    ['sends cookies back, also Secure ones', ['a=1; Path=/', 'b=x=y; Path=/; Secure; SameSite=Lax'], '/', 'a=1; b=x=y'],
    ['replaces a cookie of the same name and path', ['a=1; Path=/', 'a=2; Path=/'], '/', 'a=2'],
    ['drops a cookie whose Max-Age is over', ['a=1; Path=/', 'a=; Path=/; Max-Age=0'], '/', 'no cookies'],
    ['drops a cookie that has expired', ['a=1; Path=/; Expires=Thu, 01 Jan 1970 00:00:00 GMT'], '/', 'no cookies'],
    ['prefers Max-Age', ['a=1; Path=/; Max-Age=600; Expires=Thu, 01 Jan 1970 00:00:00 GMT'], '/', 'a=1'],
    ['sends a cookie to its Path', ['a=1; Path=/auth'], '/auth', 'a=1'],
    ['sends a cookie below its Path', ['a=1; Path=/auth'], '/auth/callback', 'a=1'],
    ['sends a cookie to nothing that merely begins alike', ['a=1; Path=/auth'], '/authors', 'no cookies'],
    ['takes the folder of the page for a Path', ['a=1'], '/login/callback', 'a=1'],
    ['sends a cookie without a Path nowhere else', ['a=1'], '/elsewhere', 'no cookies'],
    ['sends a cookie of the longer Path first', ['a=1; Path=/', 'a=2; Path=/auth'], '/auth/x', 'a=2; a=1'],
  ] as const) {
    it(title, async () => {
      pages['/login/start'] = { cookies: [...lines] };
      await visitor.get(`${url}/login/start`);
      expect(await visitor.open(url + path)).to.equal(`GET ${sent}`);
    });
  }

  it('keeps cookies for the host that set them, and for itself', async () => {
    pages['/start'] = { cookies: ['a=1; Path=/'] };
    await visitor.get(`${url}/start`);
    expect(await visitor.open(url.replace('127.0.0.1', 'localhost'))).to.equal('GET no cookies');
    expect(await new Visitor().open(url)).to.equal('GET no cookies');
  });

  it('leaves a redirect to its caller, but not its cookies, and tells where it leads', async () => {
    pages['/start/here'] = { status: 303, location: '../next?b=1', cookies: ['a=1; Path=/'] };
    expect((await visitor.get(`${url}/start/here`)).status).to.equal(303);
    expect(await visitor.open(url)).to.equal('GET a=1');
    expect(await visitor.getLocation(`${url}/start/here`)).to.equal(`${url}/next?b=1`);
  });

  it('says what a page is that should have been a redirect', async () => {
    pages['/start'] = { status: 500 };
    const error = await caught(() => visitor.getLocation(`${url}/start?code=canary`));
    expect(error.message).to.include('/start').and.include('500').and.not.include('canary');
  });

  it('opens the page at the end of all redirects, but does not follow them for ever', async () => {
    pages['/start'] = { status: 302, location: '/callback', cookies: ['a=1; Path=/'] };
    pages['/callback'] = { status: 302, location: '/' };
    expect(await visitor.open(`${url}/start`)).to.equal('GET a=1');
    pages['/callback'] = { status: 302, location: '/start' };
    expect((await caught(() => visitor.open(`${url}/start`))).message).to.include('redirects');
  });

  it('posts a form', async () => {
    const response = await visitor.fetch(`${url}/sign-out`, { method: 'POST', body: new URLSearchParams() });
    expect(await response.text()).to.equal('POST no cookies');
  });
});

describe('Visitor at other machines', () => {
  useNock();

  it('sends Secure cookies over https only', async () => {
    const visitor = new Visitor();
    const [withCookie, without] = [{ reqheaders: { cookie: 'a=1' } }, { badheaders: ['cookie'] }];
    nock('https://app.example').get('/').reply(200, 'page', { 'Set-Cookie': 'a=1; Path=/; Secure' });
    nock('http://app.example', without).get('/').reply(200, 'without');
    nock('https://app.example', withCookie).get('/').reply(200, 'with');
    await visitor.get('https://app.example');
    expect(await visitor.open('http://app.example')).to.equal('without');
    expect(await visitor.open('https://app.example')).to.equal('with');
  });
});
