import { tracingChannel } from 'node:diagnostics_channel';
import { Agent } from 'node:http';
import { connect } from 'node:net';
import { inspect } from 'node:util';
import { gzipSync } from 'node:zlib';
import { expect } from 'chai';
import { MetafyResponseError } from '../../src/errors';
import { type HttpRequest, type MetafyRequestTrace, sendRequest } from '../../src/metafy/http';
import { caught } from '../support/caught';
import { type RawAnswer, type RawServer, startRawServer, toAnswer, waitUntil } from '../support/raw-server';
import { useClock } from '../tokens/support/clock';

const mebibyte = 1024 * 1024;
const earlyHints = 'HTTP/1.1 103 Early Hints\r\n\r\n';

describe('sendRequest', () => {
  let server: RawServer;
  let agent: Agent;

  beforeEach(() => {
    agent = new Agent({ keepAlive: true });
  });
  afterEach(async () => {
    agent.destroy();
    await server?.stop();
  });

  const serve = async (answer: RawAnswer): Promise<void> => {
    server = await startRawServer(answer);
  };
  const send = ({ url = server.url, ...request }: Partial<Omit<HttpRequest, 'url'>> & { url?: string } = {}) =>
    sendRequest({ method: 'GET', url: new URL(url), headers: {}, agent, timeoutMs: 2000, ...request });
  const fail = (request?: Parameters<typeof send>[0]) => caught<MetafyResponseError>(() => send(request));

  describe('to a server that behaves', () => {
    it('returns status, headers and body, whatever the status', async () => {
      await serve((socket) => socket.write(toAnswer(418, { 'X-Kind': 'teapot' }, 'short and stout ✓')));
      const response = await send();
      expect(response).to.include({ status: 418, body: 'short and stout ✓' });
      expect(response.headers).to.include({ 'x-kind': 'teapot' });
    });

    it('sends method, path with query, headers and body, and asks for no compression', async () => {
      await serve((socket) => socket.write(toAnswer(200)));
      const headers = { 'X-Own': 'b', 'Content-Length': 2 };
      await send({ method: 'POST', url: `${server.url}?a=b`, headers, body: 'hi' });
      const [request = ''] = server.requests;
      expect(request)
        .to.match(/^POST \/path\?a=b HTTP\/1\.1\r\n/)
        .and.match(/\r\nX-Own: b\r\n/)
        .and.match(/\r\n\r\nhi$/)
        .and.not.match(/accept-encoding: (?!identity)/i);
    });

    it('puts a body together whose characters arrive in pieces', async () => {
      await serve((socket) => {
        const answer = Buffer.from(toAnswer(200, {}, '✓'));
        socket.write(answer.subarray(0, -1));
        setImmediate(() => socket.write(answer.subarray(-1)));
      });
      expect((await send()).body).to.equal('✓');
    });

    it('uses a connection again', async () => {
      await serve((socket) => socket.write(toAnswer(200)));
      await send();
      await waitUntil(() => Object.values(agent.freeSockets).length === 1);
      await send();
      expect(server.requests).to.have.lengthOf(2);
      expect(server.sockets).to.have.lengthOf(1);
    });

    it('reaches an IPv6 address', async () => {
      await serve((socket) => socket.write(toAnswer(200)));
      const { port } = new URL(server.url);
      let host: unknown;
      agent.createConnection = (options) => {
        host = options.host;
        return connect(Number(port), '127.0.0.1');
      };
      await send({ url: `http://[::1]:${port}/` });
      expect(host).to.equal('::1');
    });

    it('takes a body of exactly 1 MiB', async () => {
      await serve((socket) => socket.write(toAnswer(200, {}, 'a'.repeat(mebibyte))));
      expect((await send()).body).to.have.lengthOf(mebibyte);
    });

    it('takes a few interim answers before the final one', async () => {
      await serve((socket) => socket.write(earlyHints.repeat(10) + toAnswer(200, {}, 'final')));
      expect(await send()).to.include({ status: 200, body: 'final' });
    });

    for (const [kind, headers, body] of [
      ['is compressed although nobody asked', 'Content-Encoding: gzip\r\n', gzipSync('{}')],
      ['is encoded in a way that looks like text', 'Content-Encoding: x\r\n', Buffer.from('{}')],
      ['is not UTF-8', '', Buffer.from([0xc3, 0x28])],
    ] as const) {
      it(`gives no body for one that ${kind}`, async () => {
        await serve((socket) => {
          socket.write(`HTTP/1.1 200 OK\r\n${headers}Content-Length: ${body.length}\r\n\r\n`);
          socket.write(body);
        });
        expect((await send()).body).to.equal('\ufffd');
      });
    }

    it('follows no redirect', async () => {
      await serve((socket) => socket.write(toAnswer(307, { Location: server.url })));
      expect((await send()).status).to.equal(307);
      expect(server.requests).to.have.lengthOf(1);
    });
  });

  const head = 'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n';
  const chunked = `${head}Transfer-Encoding: chunked\r\n\r\n`;
  const upgrade = 'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n';
  type Write = (text?: string) => RawAnswer;
  const write: Write =
    (text = '') =>
    (socket) =>
      socket.write(text);
  const end: Write =
    (text = '') =>
    (socket) =>
      socket.end(text);
  const reset: Write =
    (text = '') =>
    (socket) =>
      socket.write(text, () => socket.resetAndDestroy());

  // There are more in test/faults.
  const misbehaviours: Record<'timeout' | 'network' | 'too_large', Record<string, RawAnswer>> = {
    timeout: {
      'says nothing': () => {},
      'sends a byte now and then': drip,
    },
    network: {
      'closes without an answer': end(),
      'resets without an answer': reset(),
      'closes inside its body': end(toAnswer(200, {}, 'abc').slice(0, -1)),
      'switches protocols': write(upgrade),
      'sends interim answers without end': (socket) => repeat(socket, earlyHints),
      'sends more than ten interim answers': write(earlyHints.repeat(11) + toAnswer(200)),
    },
    too_large: {
      'announces 2 MiB': write(`${head}Content-Length: ${2 * mebibyte}\r\n\r\n`),
      'streams 2 MiB in chunks': write(chunked + `10000\r\n${'a'.repeat(65_536)}\r\n`.repeat(32)),
    },
  };

  describe('to a server that misbehaves', () => {
    for (const [code, answers] of Object.entries(misbehaviours)) {
      for (const [title, answer] of Object.entries(answers)) {
        it(`ends in \`${code}\` when it ${title}, and keeps no socket`, async () => {
          await serve(answer);
          const error = await fail({ timeoutMs: code === 'timeout' ? 100 : 5000 });
          expect(error).to.be.instanceOf(MetafyResponseError).and.include({ code });
          const open = () => [...Object.values(agent.sockets), ...Object.values(agent.freeSockets)].flat().length;
          await waitUntil(() => open() === 0 && server.sockets.every((socket) => socket.destroyed));
        });
      }
    }

    it('says which request failed, without its query', async () => {
      await serve(end());
      const { message } = await fail({ url: `${server.url}?token=canary` });
      expect(message).to.include(`GET ${server.url}`).and.not.include('canary');
    });

    it("keeps Node's reason as the cause, without the bytes received", async () => {
      await serve(write('{"access_token":"canary"}\r\n\r\n'));
      const { cause } = await fail();
      expect(cause).to.be.instanceOf(Error).with.property('code').that.matches(/^HPE_/);
      expect(inspect(cause, { depth: null, showHidden: true })).not.to.include('canary');
    });

    it('ends in `network` for a header that cannot be sent, and does not show it', async () => {
      await serve(() => {});
      const error = await fail({ headers: { Authorization: 'Bearer canary\n' } });
      expect(error).to.include({ code: 'network' });
      expect(inspect(error, { depth: null, showHidden: true })).not.to.include('canary');
      expect(server.requests).to.deep.equal([]);
    });
  });

  describe('and its timer', () => {
    const clock = useClock({ timers: true });

    for (const [outcome, answer] of [
      ['an answer', write(toAnswer(200))],
      ['a failure', end()],
    ] as const) {
      it(`keeps no process alive after ${outcome}`, async () => {
        await serve(answer);
        await send().catch(() => undefined);
        expect(clock.countTimers()).to.equal(0);
      });
    }
  });

  it('ends in `network`, with a cause that says why, where none of several addresses answers', async () => {
    await serve(() => {});
    const { port } = new URL(server.url);
    await server.stop();
    // Not 127.0.0.2, which macOS does not have.
    const addresses = [
      { address: '127.0.0.1', family: 4 },
      { address: '::1', family: 6 },
    ];
    agent = new Agent({ autoSelectFamily: true, lookup: (_host, _options, done) => done(null, addresses as never) });
    const { code, cause } = await fail({ url: `http://several.example:${port}/` });
    expect(code).to.equal('network');
    expect(cause).to.have.property('message').that.includes('ECONNREFUSED');
  });

  describe('and the tracing channel `passport-metafy:request`', () => {
    const channel = tracingChannel<MetafyRequestTrace>('passport-metafy:request');
    const secret = 'canary';

    /** What a subscriber to everything is given while a request full of secrets is sent. */
    async function trace(): Promise<{ events: string[]; contexts: MetafyRequestTrace[]; outcome: unknown }> {
      const events: string[] = [];
      const contexts = new Set<MetafyRequestTrace>();
      const note = (event: string) => (context: MetafyRequestTrace) => {
        events.push(event);
        contexts.add(context);
      };
      const names = ['start', 'end', 'asyncStart', 'asyncEnd', 'error'];
      const subscriber = Object.fromEntries(names.map((name) => [name, note(name)])) as never;
      const headers = { Authorization: `Bearer ${secret}`, 'Content-Length': secret.length };
      const url = `${server.url}?token=${secret}`;
      channel.subscribe(subscriber);
      const outcome = await send({ method: 'POST', url, headers, body: secret, attempt: 2 }).catch((error) => error);
      channel.unsubscribe(subscriber);
      expect(inspect([...contexts], { depth: null, showHidden: true })).not.to.include(secret);
      return { events, contexts: [...contexts], outcome };
    }

    it('tells of an answer, and of no secret in request or answer', async () => {
      await serve(write(toAnswer(503, { 'X-Token': secret }, secret)));
      const startMs = performance.now();
      const { events, contexts, outcome } = await trace();
      expect(outcome).to.include({ status: 503, body: secret });
      expect(events).to.deep.equal(['start', 'end', 'asyncStart', 'asyncEnd']);
      const [context, ...more] = contexts;
      expect(more).to.deep.equal([]);
      expect(context).to.include({ method: 'POST', url: server.url, attempt: 2, status: 503 });
      expect(context)
        .to.have.property('durationMs')
        .that.is.within(0, performance.now() - startMs);
      expect(context).not.to.have.property('errorCode');
    });

    it('tells of a failure, and of no secret in it', async () => {
      await serve(write(`${secret}\r\n\r\n`));
      const { events, contexts } = await trace();
      expect(events).to.include('error');
      const [context] = contexts;
      expect(context).to.include({ method: 'POST', url: server.url, attempt: 2, errorCode: 'network' });
      expect(context).not.to.have.property('status');
    });
  });
});

function repeat(socket: Parameters<RawAnswer>[0], text: string): void {
  const timer = setInterval(() => socket.write(text), 10);
  socket.on('close', () => clearInterval(timer));
}

function drip(socket: Parameters<RawAnswer>[0]): void {
  socket.write('HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n');
  repeat(socket, 'a');
}
