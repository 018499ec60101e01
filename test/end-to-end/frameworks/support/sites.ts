import 'reflect-metadata';
import { Authenticator } from '@fastify/passport';
import secureSession from '@fastify/secure-session';
import { Controller, type ExecutionContext, Get, Module, Req, UseGuards } from '@nestjs/common';
import { type AbstractHttpAdapter, NestFactory } from '@nestjs/core';
import { AuthGuard, PassportStrategy } from '@nestjs/passport';
import { ExpressAdapter } from '@nestjs/platform-express';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import express from 'express';
import fastify, { type FastifyReply } from 'fastify';
import Koa from 'koa';
import { KoaPassport } from 'koa-passport';
import { Passport } from 'passport';
import { type MetafyProfile, MetafyStrategy, type MetafyStrategyOptions } from '../../../../src';
import { callbackPath, shop } from '../../../support/sign-in-app';
import { WebServer } from '../../../support/web-server';

export interface Site extends AsyncDisposable {
  port: number;
}

export interface SiteOptions {
  strategy: Partial<MetafyStrategyOptions>;
  /** The framework's own setting: that the peers which connect are proxies. @default false */
  trustsProxy?: boolean;
}

/**
 * The least that each framework needs for a sign-in, with a relative callback URL and no error handler: `/auth/metafy`, and
 * its callback, which answers the user's name.
 */
export const sites: Record<string, (options: SiteOptions) => Promise<Site>> = {
  Express: startExpressSite,
  Fastify: startFastifySite,
  Koa: startKoaSite,
  'Nest on Express': ({ strategy, trustsProxy }) =>
    startNestSite(new ExpressAdapter(express().set('trust proxy', toTrustProxy(trustsProxy))), strategy),
  'Nest on Fastify': ({ strategy, trustsProxy }) =>
    startNestSite(new FastifyAdapter({ trustProxy: toTrustProxy(trustsProxy) }), strategy),
};

/** Either way there are trusted addresses: that the setting is there is not enough. */
function toTrustProxy(trustsProxy = false): string {
  return trustsProxy ? 'loopback' : '10.0.0.0/8';
}

function createStrategy(strategy: Partial<MetafyStrategyOptions>): MetafyStrategy {
  const options = { ...shop, callbackURL: callbackPath, ...strategy };
  return new MetafyStrategy(options, ({ profile }) => ({ name: profile.displayName }));
}

const getName = ({ user }: { user?: unknown }): string => (user as { name: string }).name;

async function startExpressSite({ strategy, trustsProxy }: SiteOptions): Promise<Site> {
  const server = await WebServer.start();
  const passport = new Passport();
  passport.use(createStrategy(strategy));
  const app = express().set('env', 'test').set('trust proxy', toTrustProxy(trustsProxy));
  app.get(['/auth/metafy', callbackPath], passport.authenticate('metafy', { session: false }), (req, res) => {
    res.type('text').send(getName(req));
  });
  server.handle(app);
  return server;
}

async function startFastifySite({ strategy, trustsProxy }: SiteOptions): Promise<Site> {
  const passport = new Authenticator();
  passport.use(createStrategy({ state: true, ...strategy }));
  const app = fastify({ trustProxy: toTrustProxy(trustsProxy) });
  app.register(secureSession, { key: Buffer.alloc(32, 'only for tests'), cookie: { path: '/' } });
  app.register(passport.initialize());
  const preValidation = passport.authenticate('metafy', { session: false });
  for (const path of ['/auth/metafy', callbackPath]) {
    app.get(path, { preValidation }, async (request) => getName(request));
  }
  await app.listen({ host: '127.0.0.1', port: 0 });
  return { port: (app.server.address() as { port: number }).port, [Symbol.asyncDispose]: () => app.close() };
}

async function startKoaSite({ strategy, trustsProxy = false }: SiteOptions): Promise<Site> {
  const server = await WebServer.start();
  const passport = new KoaPassport();
  passport.use(createStrategy(strategy));
  const app = new Koa({ proxy: trustsProxy });
  app.silent = true;
  app.use(passport.initialize());
  app.use(passport.authenticate('metafy', { session: false }));
  app.use((context) => {
    context.body = getName(context.state);
  });
  server.handle(app.callback());
  return server;
}

async function startNestSite(adapter: AbstractHttpAdapter, options: Partial<MetafyStrategyOptions>): Promise<Site> {
  class SignInWithMetafy extends PassportStrategy(MetafyStrategy) {
    constructor() {
      super({ ...shop, callbackURL: callbackPath, ...options });
    }

    validate(_accessToken: string, _refreshToken: string, { displayName }: MetafyProfile): object {
      return { name: displayName };
    }
  }

  class MetafyGuard extends AuthGuard('metafy') {
    getResponse(context: ExecutionContext): object {
      const reply = context.switchToHttp().getResponse<FastifyReply>();
      return adapter instanceof FastifyAdapter ? toResponse(reply) : reply;
    }

    override getRequest(context: ExecutionContext): object {
      return Object.assign(context.switchToHttp().getRequest(), { res: this.getResponse(context) });
    }
  }

  class Pages {
    finish(request: { user: unknown }): string {
      return getName(request);
    }
  }
  class Application {}

  // As functions: the tests are compiled without decorators.
  const method = Object.getOwnPropertyDescriptor(Pages.prototype, 'finish') as TypedPropertyDescriptor<unknown>;
  Get(['auth/metafy', callbackPath])(Pages.prototype, 'finish', method);
  Req()(Pages.prototype, 'finish', 0);
  UseGuards(MetafyGuard)(Pages);
  Controller()(Pages);
  Module({ controllers: [Pages], providers: [SignInWithMetafy] })(Application);

  const app = await NestFactory.create(Application, adapter, { logger: false });
  await app.listen(0, '127.0.0.1');
  const { port } = app.getHttpServer().address() as { port: number };
  return { port, [Symbol.asyncDispose]: () => app.close() };
}

/** As in examples/nestjs-fastify. */
function toResponse(reply: FastifyReply): object {
  return {
    set statusCode(code: number) {
      reply.code(code);
    },
    getHeader: (name: string) => reply.getHeader(name),
    setHeader: (name: string, value: unknown) => reply.removeHeader(name).header(name, value),
    end: () => reply.send(),
  };
}
