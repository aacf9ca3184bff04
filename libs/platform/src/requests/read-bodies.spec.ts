import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import fastify, { type FastifyInstance } from 'fastify';
import { readBodies } from './read-bodies.js';
import { RequestFailure } from './request-failure.js';

const LIMIT_BYTES = 10;
const WINDOW_MS = 50;

/** Another process, which goes on sending while this one is blocked. */
const SENDER = `
  const [port, head, body] = process.argv.slice(1);
  const socket = require('node:net').connect(port, '127.0.0.1');
  socket.write(head);
  setTimeout(() => socket.write(body), ${WINDOW_MS});
  socket.pipe(process.stdout);
`;

function block(ms: number): void {
  const untilMs = performance.now() + ms;
  while (performance.now() < untilMs);
}

let server: FastifyInstance;
let port: number;

async function listen(windowMs: number): Promise<void> {
  server = fastify();
  readBodies(server, { limitBytes: LIMIT_BYTES, windowMs });
  server.setErrorHandler((error, _request, reply) => {
    if (!(error instanceof RequestFailure)) throw error;
    void reply.status(error.getStatus()).headers(error.headers).send(error.body);
  });
  server.post('/', (request, reply) => reply.send((request.body as Buffer).toString()));
  port = Number(new URL(await server.listen({ host: '127.0.0.1', port: 0 })).port);
}

beforeEach(() => listen(WINDOW_MS));

afterEach(() => server.close());

describe('readBodies', () => {
  it.each(['application/json', 'text/plain'])('passes on the bytes of %s', async (type) => {
    const request = { method: 'POST', body: 'hello', headers: { 'content-type': type } };

    expect(await (await fetch(`http://127.0.0.1:${port}/`, request)).text()).toBe('hello');
  });

  it('answers a body that does not arrive 408, and ends the connection', async () => {
    const socket = connect(port, '127.0.0.1');
    await once(socket, 'connect');

    socket.write('POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 5\r\n\r\nhel');

    expect(await text(socket)).toMatch(/^HTTP\/1\.1 408 [^]*connection: close[^]*BODY_TOO_SLOW/);
  });

  it('does not blame the sender for the time in which this process reads nothing', async () => {
    await server.close();
    await listen(10 * WINDOW_MS);
    const body = 'hello';
    const request = `POST / HTTP/1.1\r\nhost: x\r\ncontent-length: ${body.length}\r\nconnection: close\r\n\r\n`;
    const sender = spawn(process.execPath, ['-e', SENDER, String(port), request, body]);
    await once(server.server, 'request');
    block(15 * WINDOW_MS);

    expect(await text(sender.stdout)).toMatch(/^HTTP\/1\.1 200 [^]*hello$/);
  });
});
