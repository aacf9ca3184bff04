import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, request as httpRequest, type RequestListener, type Server } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { fastify, type FastifyInstance } from 'fastify';
import { readBodies } from '../requests/read-bodies.js';
import { lingerAfterEarlyAnswers, rememberRequests } from './linger.js';

const LIMIT_BYTES = 1_000_000;
const MAX_BYTES = 30_000_000;
/** Longer than any machine takes, and for the test of the limit itself. */
const LONG_MS = 600_000;
const SHORT_MS = 100;
const PIECE = Buffer.alloc(100_000, 0x61);

let app: FastifyInstance;
let port: number;
let accepted: Socket[];

async function start(maxMs: number): Promise<void> {
  accepted = [];
  const serverFactory = (handler: RequestListener): Server => {
    const server = createServer(rememberRequests(handler));
    lingerAfterEarlyAnswers(server, { maxBytes: MAX_BYTES, maxMs });
    server.on('connection', (socket: Socket) => accepted.push(socket));
    return server;
  };
  app = fastify({ serverFactory: serverFactory });
  readBodies(app, { limitBytes: LIMIT_BYTES });
  app.post('/', (_request, reply) => reply.send('taken'));
  await app.listen({ host: '127.0.0.1', port: 0 });
  port = (app.server.address() as AddressInfo).port;
}

beforeEach(() => start(LONG_MS));

afterEach(() => app.close());

/** Sends `bytes` of a body, reads nothing meanwhile, and then reads the answer. */
async function sendAll(head: string, bytes: number, wrap: (piece: Buffer) => Buffer): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  const failure = new Promise<string>((resolve) => {
    socket.on('error', (error) => {
      resolve(String(error));
    });
  });
  socket.pause();
  socket.write(head);
  for (let sent = 0; sent < bytes && !socket.destroyed; sent += PIECE.length) {
    if (!socket.write(wrap(PIECE))) await Promise.race([once(socket, 'drain'), failure]);
  }
  return Promise.race([text(socket), failure]);
}

const chunked = (piece: Buffer): Buffer =>
  Buffer.concat([Buffer.from(`${piece.length.toString(16)}\r\n`), piece, Buffer.from('\r\n')]);

describe('lingerAfterEarlyAnswers', () => {
  it.each([
    ['whose length is announced', 'content-length: 20000000', (piece: Buffer) => piece],
    ['in chunks', 'transfer-encoding: chunked', chunked],
  ])('gives the answer 413 to a sender that reads only after a body %s', async (_name, header, wrap) => {
    const answer = await sendAll(`POST / HTTP/1.1\r\nhost: x\r\n${header}\r\n\r\n`, 20_000_000, wrap);

    expect(answer).toMatch(/^HTTP\/1\.1 413 /);
  });

  it('gives the answer to fetch and to http.request', async () => {
    const body = Buffer.alloc(20_000_000, 0x61);
    const fetched = await fetch(`http://127.0.0.1:${port}/`, { method: 'POST', body });
    const request = httpRequest({ port, host: '127.0.0.1', method: 'POST' });
    request.end(body);
    const [answered] = (await once(request, 'response')) as [{ statusCode: number; resume: () => void }];
    answered.resume();

    expect([fetched.status, answered.statusCode]).toEqual([413, 413]);
  });

  it('stops reading at its limit of bytes', async () => {
    await sendAll('POST / HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n', 100_000_000, chunked);

    expect(
      accepted.map(({ destroyed, bytesRead }) => [destroyed, bytesRead < MAX_BYTES + 5_000_000]),
    ).toEqual([[true, true]]);
  });

  it('stops reading at its limit of time', async () => {
    await app.close();
    await start(SHORT_MS);
    const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
    socket.write('POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 20000000\r\n\r\na');

    expect(await text(socket)).toMatch(/^HTTP\/1\.1 413 /);
    while (accepted[0]?.destroyed !== true) await new Promise((resolve) => setImmediate(resolve));
    expect(accepted[0].bytesRead).toBeLessThan(200);
  });

  it('closes at once if the body was complete', async () => {
    const socket = connect(port, '127.0.0.1');
    socket.write('POST / HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-length: 1\r\n\r\na');

    expect(await text(socket)).toMatch(/^HTTP\/1\.1 200 [^]*taken$/);
  });

  it('gives the answer to a client in another process', async () => {
    const script = `fetch('http://127.0.0.1:${port}/', { method: 'POST', body: new Uint8Array(20e6) }).then((r) => process.stdout.write(String(r.status)))`;
    const child = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });

    expect(await text(child.stdout)).toBe('413');
  });
});
