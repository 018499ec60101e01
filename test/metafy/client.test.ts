import { Agent } from 'node:https';
import { expect } from 'chai';
import { resolveClient } from '../src/client';
import { clientOptions } from './support/client-options';

const { version } = require('../package.json') as { version: string };
const resolve = (options: object) => resolveClient('MetafyThing', { ...clientOptions, ...options });

describe('resolveClient', () => {
  it("points at Metafy's token and revoke URLs by default", () => {
    const { token, revocation } = resolve({});
    expect([token.place, revocation.place]).to.deep.equal([
      'https://metafy.gg/irk/oauth/token',
      'https://metafy.gg/irk/oauth/revoke',
    ]);
  });

  it('points at another server', () => {
    expect(resolve({ baseURL: 'http://localhost:4000' }).token.place).to.equal('http://localhost:4000/irk/oauth/token');
  });

  it('waits ten seconds by default', () => {
    expect(resolve({ timeoutMs: undefined }).timeoutMs).to.equal(10_000);
  });

  it('takes an agent', () => {
    const agent = new Agent();
    expect(resolve({ agent }).agent).to.equal(agent);
  });

  it('asks for plain JSON and names this package and its version', () => {
    expect(resolve({}).headers).to.deep.equal({
      Accept: 'application/json',
      'Accept-Encoding': 'identity',
      'User-Agent': `passport-metafy/${version}`,
    });
  });

  for (const [option, values] of Object.entries({
    clientID: [undefined, null, '', 42, {}],
    clientSecret: [undefined, null, '', 42, ['a']],
    baseURL: ['', 'metafy.gg', 'http://metafy.gg', 'https://metafy.gg/?a=b', 42],
    timeoutMs: [0, -1, '1000', Number.NaN, 2 ** 31],
    agent: ['agent', 42, {}],
  })) {
    for (const value of values) {
      it(`refuses ${option} ${JSON.stringify(value) ?? 'undefined'}`, () => {
        expect(() => resolve({ [option]: value })).to.throw(TypeError, new RegExp(`^MetafyThing: .*\`${option}\``));
      });
    }
  }

  for (const options of [undefined, null, 'options', () => {}]) {
    it(`refuses ${options === null ? 'null' : typeof options} for options`, () => {
      expect(() => resolveClient('MetafyThing', options as never)).to.throw(
        TypeError,
        /^MetafyThing: `options` must be an object/,
      );
    });
  }
});
