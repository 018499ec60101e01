import Router from '@koa/router';
import { Controller, Get, Module, UseGuards } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { expect } from 'chai';
import fastify from 'fastify';
import Koa from 'koa';
// As in the examples: the build.
import { MetafyCommunityAccess, MetafyUserTokens } from 'passport-metafy';
import { addSupportersPage as addToFastify } from '../../../examples/supporters/fastify';
import { addSupportersPage as addToKoa } from '../../../examples/supporters/koa';
import { SupporterGuard } from '../../../examples/supporters/nestjs';
import { Subscribers } from '../../../examples/supporters/subscribers';
import { MetafyEmulator } from '../../../src/emulator';
import { caught } from '../../support/caught';
import { WebServer } from '../../support/web-server';
import { useExample } from '../support/example';
import { demoCommunityId } from '../support/supporters-site';
import { issueTokens, toClient } from '../support/tokens';

describe('examples/supporters', () => {
  const example = useExample('supporters');
  const open = async (path: string) => (await example.open(path)).status;
  const signIn = async (user: string) => {
    const page = await example.open(await example.startLogin({ user }));
    expect(page).to.include({ status: 302, location: `${example.site.url}/supporters` });
  };

  it('shows each page to those it is for', async () => {
    expect([await open('/supporters'), await open('/inner-circle')]).to.deep.equal([401, 401]);
    for (const [user, ...statuses] of [
      ['ada-coach', 200, 200],
      ['grace-student', 200, 403],
      ['alan-lapsed', 403, 403],
      ['edsger-follower', 403, 403],
    ] as const) {
      await signIn(user);
      expect([await open('/supporters'), await open('/inner-circle')]).to.deep.equal(statuses);
    }
  });

  it('says what Metafy has said, and when', async () => {
    await signIn('grace-student');
    expect((await example.open('/')).body).to.match(/Metafy says: a supporter, at 20/);
  });

  it('says that Metafy gives no answer', async () => {
    await signIn('ada-coach');
    example.emulator.fail('purchases', { status: 429, headers: { 'Retry-After': '60' } });
    const { status, headers } = await example.open('/supporters');
    expect([status, headers['retry-after']]).to.deep.equal([503, '60']);
  });

  it('forgets those who disconnect', async () => {
    await signIn('ada-coach');
    expect((await example.post('/disconnect')).status).to.equal(302);
    expect(await open('/supporters')).to.equal(401);
  });
});

describe('examples/supporters/subscribers.ts', () => {
  it('keeps the list before when a new one cannot be read whole', async () => {
    await using emulator = await new MetafyEmulator({ pageSize: 1 }).start();
    const [ada, grace] = emulator.users.map(({ id }) => id);
    const subscribers = new Subscribers(emulator.apiKeys[0]?.key as string, emulator.url);
    expect(() => subscribers.has(ada as string)).to.throw('not been read');
    await subscribers.refresh();
    const both = [ada, grace].map((id) => subscribers.has(id as string));
    expect(both).to.deep.equal([true, true]);

    emulator.cancel('ada-coach', demoCommunityId);
    emulator.fail('subscribers', { status: 500 });
    await caught(() => subscribers.refresh());
    expect(subscribers.has(ada as string)).to.equal(true);
    await subscribers.refresh();
    expect([subscribers.has(ada as string), subscribers.has(grace as string)]).to.deep.equal([false, true]);
  });
});

type Serve = (access: MetafyCommunityAccess) => Promise<{ url: string; stop(): Promise<unknown> }>;

/** Whoever a header names is signed in. */
const readUser = (headers: Record<string, unknown>) =>
  headers['x-user'] ? { id: String(headers['x-user']) } : undefined;

const frameworks: Record<string, Serve> = {
  async Fastify(access) {
    const app = fastify();
    app.decorateRequest('user');
    app.addHook('onRequest', async (request) => {
      Object.assign(request, { user: readUser(request.headers) ?? null });
    });
    addToFastify(app, access);
    return { url: await app.listen({ host: '127.0.0.1', port: 0 }), stop: () => app.close() };
  },
  async Koa(access) {
    const app = new Koa();
    app.silent = true;
    app.use(async (context, next) => {
      context.state.user = readUser(context.headers);
      await next();
    });
    const router = new Router();
    addToKoa(router, access);
    app.use(router.routes());
    const server = await WebServer.start();
    server.handle(app.callback());
    return { url: server.url, stop: () => server[Symbol.asyncDispose]() };
  },
  async Nest(access) {
    class Pages {
      show() {
        return 'Thank you for your support.';
      }
    }
    class Site {}
    // As functions, since these tests are compiled without decorators.
    const show = Object.getOwnPropertyDescriptor(Pages.prototype, 'show') as PropertyDescriptor;
    Get('supporters')(Pages.prototype, 'show', show);
    UseGuards(new SupporterGuard(access))(Pages);
    Controller()(Pages);
    Module({ controllers: [Pages] })(Site);
    const app = await NestFactory.create(Site, { logger: false });
    app.use((req: { headers: Record<string, unknown> }, _res: unknown, next: () => void) => {
      Object.assign(req, { user: readUser(req.headers) });
      next();
    });
    await app.listen(0, '127.0.0.1');
    return { url: await app.getUrl(), stop: () => app.close() };
  },
};

for (const [name, serve] of Object.entries(frameworks)) {
  describe(`the guard in ${name}`, () => {
    it('answers with the status of each case', async () => {
      await using emulator = await new MetafyEmulator().start();
      const tokens = new MetafyUserTokens({ ...toClient(emulator), store: new Map() });
      const access = new MetafyCommunityAccess({ ...toClient(emulator), tokens, communityId: demoCommunityId });
      const site = await serve(access);
      const open = async (user?: string) => {
        const response = await fetch(`${site.url}/supporters`, { headers: user ? { 'X-User': user } : {} });
        await response.text();
        return response.status;
      };
      try {
        for (const user of ['ada-coach', 'edsger-follower', 'grace-student']) {
          await tokens.set(user, await issueTokens(emulator, user, 'profile purchases'));
        }
        await tokens.set('alan-lapsed', await issueTokens(emulator, 'alan-lapsed', 'profile'));
        expect(await open()).to.equal(401);
        expect(await open('ada-coach')).to.equal(200);
        expect(await open('edsger-follower')).to.equal(403);
        expect(await open('alan-lapsed')).to.equal(403);
        emulator.fail('purchases', { status: 500 });
        expect(await open('grace-student')).to.equal(502);
      } finally {
        await site.stop();
      }
    });
  });
}
