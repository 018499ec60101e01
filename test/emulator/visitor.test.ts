import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect } from 'chai';
import nock from 'nock';
import { Visitor } from '../../src/emulator';
import { useNock } from '../support/nock-metafy';
import { rejectionOf } from './support/fixtures';

/** What the server answers at a path, with the cookies that arrived as its body. */
interface Page {
  status?: number;
  location?: string;
  cookies?: string[];
}

describe('Visitor', () => {
  let server: Server;
  let url: string;
  let pages: Record<string, Page>;
  let visitor: Visitor;

  before(async () => {
    server = createServer((request, response) => {
      const { status = 200, location, cookies = [] } = pages[request.url?.split('?')[0] ?? ''] ?? {};
      if (location) response.setHeader('Location', location);
      response.writeHead(status, { 'Set-Cookie': cookies });
      response.end(`${request.method} ${request.headers.cookie ?? 'no cookies'}`);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  after(() => {
    server.closeAllConnections();
    server.close();
  });
  beforeEach(() => {
    pages = {};
    visitor = new Visitor();
  });

  /** The cookies that arrive at a path after `/login/start` has set some. */
  async function cookiesAfter(cookies: string[], path = '/'): Promise<string> {
    pages['/login/start'] = { cookies };
    await visitor.get(`${url}/login/start`);
    return (await visitor.open(url + path)).replace('GET ', '');
  }

  it('sends cookies back, also the Secure ones of this machine', async () => {
    expect(await cookiesAfter(['a=1; Path=/', 'b=x=y; Path=/; Secure; HttpOnly; SameSite=Lax'])).to.equal('a=1; b=x=y');
  });

  it('replaces a cookie of the same name and path', async () => {
    expect(await cookiesAfter(['a=1; Path=/', 'a=2; Path=/'])).to.equal('a=2');
  });

  it('drops a cookie whose Max-Age or Expires is over, and keeps one that has time left', async () => {
    const lines = [
      ...['a=1; Path=/', 'a=; Path=/; Max-Age=0'],
      ...['b=1; Path=/', 'b=; Path=/; Expires=Thu, 01 Jan 1970 00:00:00 GMT'],
      'c=1; Path=/; Max-Age=600; Expires=Thu, 01 Jan 1970 00:00:00 GMT',
    ];
    expect(await cookiesAfter(lines)).to.equal('c=1');
  });

  it('sends a cookie to its Path and below, and to nothing that merely begins alike', async () => {
    const lines = ['a=1; Path=/auth'];
    expect(await cookiesAfter(lines, '/auth')).to.equal('a=1');
    expect(await cookiesAfter(lines, '/auth/callback')).to.equal('a=1');
    expect(await cookiesAfter(lines, '/authors')).to.equal('no cookies');
  });

  it('takes the folder of the page for the Path of a cookie without one', async () => {
    expect(await cookiesAfter(['a=1'], '/login/callback')).to.equal('a=1');
    expect(await cookiesAfter(['a=1'], '/elsewhere')).to.equal('no cookies');
  });

  it('sends a cookie of the longer Path first', async () => {
    expect(await cookiesAfter(['a=1; Path=/', 'a=2; Path=/auth'], '/auth/x')).to.equal('a=2; a=1');
  });

  it('keeps the cookies of another host for that host', async () => {
    await cookiesAfter(['a=1; Path=/']);
    expect(await visitor.open(url.replace('127.0.0.1', 'localhost'))).to.equal('GET no cookies');
  });

  it('shares no cookies with another visitor', async () => {
    await cookiesAfter(['a=1; Path=/']);
    expect(await new Visitor().open(url)).to.equal('GET no cookies');
  });

  it('leaves a redirect to its caller, but not its cookies', async () => {
    pages['/start'] = { status: 302, location: 'next?b=1', cookies: ['a=1; Path=/'] };
    expect((await visitor.get(`${url}/start`)).status).to.equal(302);
    expect(await visitor.open(url)).to.equal('GET a=1');
  });

  it('tells where a redirect leads', async () => {
    pages['/start/here'] = { status: 303, location: '../next?b=1' };
    expect(await visitor.getLocation(`${url}/start/here`)).to.equal(`${url}/next?b=1`);
  });

  it('says what a page is that should have been a redirect', async () => {
    pages['/start'] = { status: 500 };
    const error = await rejectionOf(visitor.getLocation(`${url}/start?code=canary`));
    expect(error.message).to.include('/start').and.include('500').and.not.include('canary');
  });

  it('opens the page at the end of all redirects', async () => {
    pages['/start'] = { status: 302, location: '/callback', cookies: ['a=1; Path=/'] };
    pages['/callback'] = { status: 302, location: '/' };
    expect(await visitor.open(`${url}/start`)).to.equal('GET a=1');
  });

  it('does not follow redirects for ever', async () => {
    pages['/start'] = { status: 302, location: '/start' };
    expect((await rejectionOf(visitor.open(`${url}/start`))).message).to.include('redirects');
  });

  it('posts a form', async () => {
    await cookiesAfter(['a=1; Path=/']);
    const response = await visitor.fetch(`${url}/sign-out`, { method: 'POST', body: new URLSearchParams() });
    expect(await response.text()).to.equal('POST a=1');
  });
});

describe('Visitor at other machines', () => {
  useNock();

  it('sends Secure cookies over https only', async () => {
    const visitor = new Visitor();
    nock('https://app.example').get('/').reply(200, 'page', { 'Set-Cookie': 'a=1; Path=/; Secure' });
    nock('http://app.example', { badheaders: ['cookie'] })
      .get('/')
      .reply(200, 'without');
    nock('https://app.example', { reqheaders: { cookie: 'a=1' } })
      .get('/')
      .reply(200, 'with');
    await visitor.get('https://app.example');
    expect(await visitor.open('http://app.example')).to.equal('without');
    expect(await visitor.open('https://app.example')).to.equal('with');
  });
});
