import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { MAX_SEED, publishExactly, publishSteadily } from './event-source.js';

const TYPES = ['order', 'inventory', 'user_activity'];

let server: Server;
let url: string;
let requests: { path: string; body: unknown }[];
/** Requests to refuse from now on. */
let refusals: number;

beforeEach(async () => {
  requests = [];
  refusals = 0;
  server = createServer((request, response) => {
    let text = '';
    request.on('data', (chunk: Buffer) => (text += chunk.toString()));
    request.on('end', () => {
      if (request.method === 'GET') {
        response.end(JSON.stringify({ eventTypes: TYPES.map((type) => ({ type })) }));
        return;
      }
      requests.push({ path: request.url ?? '', body: JSON.parse(text) });
      response.statusCode = refusals > 0 ? 503 : 200;
      refusals -= 1;
      response.end(JSON.stringify({ messageIds: [String(requests.length)] }));
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterEach(async () => {
  server.closeAllConnections();
  server.close();
  await once(server, 'close');
});

/** Publishes at `rate` until `count` requests were made. */
async function steadyRequests(count: number, rate: number, seed?: number): Promise<(string | undefined)[]> {
  const abort = new AbortController();
  const problems: (string | undefined)[] = [];
  const generation = seed === undefined ? { url } : { url, seed };
  await publishSteadily(
    { ...generation, rate, signal: abort.signal },
    {
      onPublished: () => undefined,
      onProblem: (problem) => {
        problems.push(problem);
        if (requests.length >= count) abort.abort();
      },
    },
  );
  return problems;
}

describe('publishSteadily', () => {
  it('publishes every type at a gentle rate', async () => {
    await steadyRequests(4, 5);

    expect(requests.map(({ path }) => path)).toEqual([
      '/generate/order',
      '/generate/inventory',
      '/generate/user_activity',
      '/generate/order',
    ]);
    expect(requests.map(({ body }) => body)).toEqual(Array(4).fill({ count: 1 }));
  });

  it('goes on after a refusal and says when it is over', async () => {
    refusals = 1;

    const problems = await steadyRequests(2, 5);

    expect(problems).toEqual([expect.stringContaining('refused to publish with 503'), undefined]);
  });
});

describe('publishExactly', () => {
  it('starts again at 0 after the largest seed', async () => {
    await publishExactly(2_500, { url, seed: MAX_SEED }, () => undefined);

    expect(requests.map(({ body }) => body)).toEqual([
      { count: 1_000, seed: MAX_SEED },
      { count: 1_000, seed: 0 },
      { count: 500, seed: 1 },
    ]);
  });
});
