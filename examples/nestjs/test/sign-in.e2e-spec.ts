import assert from 'node:assert/strict';
import type { INestApplication } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { MetafyEmulator, type MetafyEmulatorAuthorizeOptions } from 'passport-metafy/emulator';
import request from 'supertest';
import { AppModule } from '../src/app.module.js';
import { setUp } from '../src/set-up.js';

describe('signing in', () => {
  let metafy: MetafyEmulator;
  let app: INestApplication;
  let agent: ReturnType<typeof request.agent>;

  beforeEach(async () => {
    metafy = await new MetafyEmulator().start();
    process.env.METAFY_URL = metafy.url;
    process.env.METAFY_CLIENT_ID = 'metafy-demo';
    process.env.METAFY_CLIENT_SECRET = 'metafy-demo-secret';
    process.env.SESSION_SECRET = 'only for tests';
    const testing = await Test.createTestingModule({ imports: [AppModule] }).compile();
    app = testing.createNestApplication({ logger: false });
    setUp(app);
    await app.listen(0, '127.0.0.1');
    agent = request.agent(await app.getUrl());
  });
  afterEach(async () => {
    await app.close();
    await metafy.stop();
  });

  async function signIn(decision?: MetafyEmulatorAuthorizeOptions) {
    const start = await agent.get('/auth/metafy');
    const callback = new URL(await metafy.authorize(start.headers.location ?? '', decision));
    return agent.get(callback.pathname + callback.search);
  }

  it('greets whoever has signed in', async () => {
    await signIn({ user: 'grace-student' });
    assert.equal((await agent.get('/')).text, 'Hello, Grace Student');
  });

  it('offers another try to those who deny', async () => {
    assert.equal((await signIn({ deny: true })).headers.location, '/login?refused=401');
  });
});
