import { Agent } from 'node:http';
import { inspect } from 'node:util';
import { gzipSync } from 'node:zlib';
import { expect } from 'chai';
import { MetafyResponseError } from '../src/errors';
import { exchange, maxBodyBytes, toHttpTarget } from '../src/http';
import { caught } from './support/caught';
import { type RawAnswer, type RawServer, startRawServer, toAnswer, waitUntil } from './support/raw-server';

describe('exchange', () => {
  let server: RawServer;
  let agent: Agent;

  beforeEach(() => {
    agent = new Agent({ keepAlive: true });
  });
  afterEach(async () => {
    agent.destroy();
    await server.stop();
  });

  const serve = async (answer: RawAnswer): Promise<void> => {
    server = await startRawServer(answer);
  };
  const get = ({ timeoutMs = 2000, url = server.url, headers = {} } = {}) =>
    exchange({ timeoutMs, agent, headers: {} }, { method: 'GET', target: toHttpTarget(url), headers });
  const fail = (options?: Parameters<typeof get>[0]) => caught<MetafyResponseError>(() => get(options));
  const openSockets = () =>
    [...Object.values(agent.sockets), ...Object.values(agent.freeSockets)].flat().length;

  describe('with a server that behaves', () => {
    it('returns status, headers and body, whatever the status', async () => {
      await serve((socket) => socket.write(toAnswer(418, { 'X-Kind': 'teapot' }, 'short and stout ✓')));
      const response = await get();
      expect(response).to.include({ status: 418, body: 'short and stout ✓' });
      expect(response.headers).to.include({ 'x-kind': 'teapot' });
    });

    it('sends method, path with query, headers and body', async () => {
      await serve((socket) => socket.write(toAnswer(200)));
      await exchange(
        { timeoutMs: 2000, agent, headers: { 'X-Common': 'a', 'X-Both': 'a' } },
        {
          method: 'POST',
          target: toHttpTarget(`${server.url}?a=b`),
          headers: { 'X-Own': 'b', 'X-Both': 'b', 'Content-Length': 2 },
          body: 'hi',
        },
      );
      const [request = ''] = server.requests;
      expect(request)
        .to.match(/^POST \/path\?a=b HTTP\/1\.1\r\n/)
        .and.match(/\r\n\r\nhi$/);
      expect(request).to.include('X-Common: a').and.include('X-Own: b').and.include('X-Both: b');
    });

    it('puts a body together whose characters arrive in pieces', async () => {
      await serve((socket) => {
        const answer = Buffer.from(toAnswer(200, {}, '✓'));
        socket.write(answer.subarray(0, -1));
        setImmediate(() => socket.write(answer.subarray(-1)));
      });
      expect((await get()).body).to.equal('✓');
    });

    it('uses a connection again', async () => {
      await serve((socket) => socket.write(toAnswer(200)));
      await get();
      await waitUntil(() => Object.values(agent.freeSockets).length === 1);
      await get();
      expect(server.requests).to.have.lengthOf(2);
      expect(server.sockets).to.have.lengthOf(1);
    });

    it('takes a body of exactly the limit', async () => {
      await serve((socket) => socket.write(toAnswer(200, {}, 'a'.repeat(maxBodyBytes))));
      expect((await get()).body).to.have.lengthOf(maxBodyBytes);
    });

    it('asks for no compression', async () => {
      await serve((socket) => socket.write(toAnswer(200)));
      await get();
      expect(server.requests[0]).not.to.match(/accept-encoding: (?!identity)/i);
    });

    it('gives no body for one that is compressed although nobody asked', async () => {
      await serve((socket) => {
        const body = gzipSync('{}');
        socket.write(`HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: ${body.length}\r\n\r\n`);
        socket.write(body);
      });
      expect((await get()).body).to.equal('\ufffd');
    });

    it('gives no body for one that is not UTF-8', async () => {
      await serve((socket) => {
        socket.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n');
        socket.write(Buffer.from([0xc3, 0x28]));
      });
      expect((await get()).body).to.equal('\ufffd');
    });

    for (const status of [301, 302, 303, 307, 308]) {
      it(`does not follow a ${status}`, async () => {
        const other = await startRawServer((socket) => socket.write(toAnswer(200)));
        await serve((socket) => socket.write(toAnswer(status, { Location: other.url })));
        expect((await get()).status).to.equal(status);
        await other.stop();
        expect(other.requests).to.deep.equal([]);
        expect(server.requests).to.have.lengthOf(1);
      });
    }
  });

  describe('with a server that does not', () => {
    const head = 'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n';
    const oneMore = 'a'.repeat(64 * 1024);
    const cases: [title: string, code: string, answer: RawAnswer][] = [
      ['says nothing', 'timeout', () => {}],
      ['sends half of its headers and no more', 'timeout', (socket) => socket.write(head)],
      [
        'sends its headers and no more',
        'timeout',
        (socket) => socket.write(`${head}Content-Length: 9\r\n\r\n`),
      ],
      [
        'sends all but the last byte',
        'timeout',
        (socket) => socket.write(toAnswer(200, {}, 'abc').slice(0, -1)),
      ],
      ['sends a byte now and then', 'timeout', drip],
      ['goes on saying 103', 'timeout', (socket) => repeat(socket, 'HTTP/1.1 103 Early Hints\r\n\r\n')],
      ['closes without an answer', 'network', (socket) => socket.end()],
      ['resets without an answer', 'network', (socket) => socket.resetAndDestroy()],
      ['closes inside its headers', 'network', (socket) => socket.end(head)],
      [
        'resets inside its headers',
        'network',
        (socket) => socket.write(head, () => socket.resetAndDestroy()),
      ],
      ['closes inside its body', 'network', (socket) => socket.end(toAnswer(200, {}, 'abc').slice(0, -1))],
      [
        'resets after its headers',
        'network',
        (socket) => socket.write(`${head}Content-Length: 9\r\n\r\n`, () => socket.resetAndDestroy()),
      ],
      [
        'closes inside a chunk',
        'network',
        (socket) => socket.end(`${head}Transfer-Encoding: chunked\r\n\r\n9\r\nabc`),
      ],
      [
        'sends chunks that are none',
        'network',
        (socket) => socket.write(`${head}Transfer-Encoding: chunked\r\n\r\nxyz\r\n`),
      ],
      ['speaks something else', 'network', (socket) => socket.write('220 mail.example ESMTP\r\n')],
      [
        'sends headers without end',
        'network',
        (socket) => socket.write(`${head}X-Long: ${'a'.repeat(80_000)}`),
      ],
      [
        'switches protocols',
        'network',
        (socket) =>
          socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n'),
      ],
      ['announces 2 MiB', 'too_large', (socket) => socket.write(`${head}Content-Length: 2097152\r\n\r\n`)],
      [
        'streams 2 MiB in chunks',
        'too_large',
        (socket) => {
          socket.write(`${head}Transfer-Encoding: chunked\r\n\r\n`);
          for (let sent = 0; sent < 32; sent++) socket.write(`10000\r\n${oneMore}\r\n`);
        },
      ],
      [
        'streams 2 MiB until it closes',
        'too_large',
        (socket) => socket.end(`${head}\r\n${oneMore.repeat(32)}`),
      ],
    ];

    for (const [title, code, answer] of cases) {
      it(`ends in \`${code}\` when it ${title}, and keeps no socket`, async () => {
        await serve(answer);
        const error = await fail({ timeoutMs: code === 'timeout' ? 150 : 5000 });
        expect(error).to.be.instanceOf(MetafyResponseError);
        expect(error).to.include({ code, status: code === 'timeout' ? 504 : 502 });
        await waitUntil(() => openSockets() === 0 && server.sockets.every((socket) => socket.destroyed));
      });
    }

    it('says which request failed, without its query', async () => {
      await serve((socket) => socket.end());
      const { message } = await fail({ url: `${server.url}?token=canary` });
      expect(message).to.equal(`GET ${server.url}: the server could not be reached`);
    });

    it("keeps Node's reason as the cause, without the bytes received", async () => {
      await serve((socket) => socket.write('{"access_token":"canary"}\r\n\r\n'));
      const { cause } = await fail();
      expect(cause).to.be.instanceOf(Error).with.property('code').that.matches(/^HPE_/);
      expect(cause).not.to.have.property('rawPacket');
      expect(inspect(cause, { depth: null, showHidden: true })).not.to.include('canary');
    });
  });

  it('ends in `network` where nobody listens', async () => {
    await serve(() => {});
    const { url } = server;
    await server.stop();
    const error = await fail({ url });
    expect(error).to.include({ code: 'network' });
    expect(error.cause).to.include({ code: 'ECONNREFUSED' });
    await serve(() => {});
  });

  it('has a cause with a message where none of several addresses answers', async () => {
    await serve(() => {});
    const { port } = new URL(server.url);
    await server.stop();
    agent = new Agent({
      autoSelectFamily: true,
      lookup: (_host, _options, done) =>
        (done as (error: null, addresses: object[]) => void)(null, [
          { address: '127.0.0.1', family: 4 },
          { address: '127.0.0.2', family: 4 },
        ]),
    });
    const { code, cause } = await fail({ url: `http://several.example:${port}/` });
    expect(code).to.equal('network');
    expect(cause)
      .to.include({ code: 'ECONNREFUSED' })
      .and.have.property('message')
      .that.includes('ECONNREFUSED');
    await serve(() => {});
  });

  it('ends in `network` for a header that cannot be sent, and does not show it', async () => {
    await serve(() => {});
    const error = await fail({ headers: { Authorization: 'Bearer canary\n' } });
    expect(error).to.include({ code: 'network' });
    expect(inspect(error, { depth: null, showHidden: true })).not.to.include('canary');
    expect(server.requests).to.deep.equal([]);
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

describe('toHttpTarget', () => {
  it('takes a URL apart', () => {
    expect(toHttpTarget('https://metafy.gg/irk/api/v1/me?page=1')).to.deep.equal({
      protocol: 'https:',
      hostname: 'metafy.gg',
      port: '',
      path: '/irk/api/v1/me?page=1',
      place: 'https://metafy.gg/irk/api/v1/me',
    });
  });

  it('takes the brackets off an IPv6 address', () => {
    expect(toHttpTarget('http://[::1]:3000/')).to.include({ hostname: '::1', port: '3000' });
  });
});
