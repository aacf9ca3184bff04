import { generateKeyPairSync } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { SigningKeys } from './signing-keys.js';

const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const keySet = { keys: [{ ...publicKey.export({ format: 'jwk' }), kid: 'k1', alg: 'RS256', use: 'sig' }] };

let server: Server;
let requests: number;
/** Answers one request; null leaves it open. */
let status: number | null;
let nowMs: number;
let keys: SigningKeys;

beforeEach(async () => {
  requests = 0;
  status = 200;
  nowMs = 0;
  server = createServer((_request, response) => {
    requests++;
    if (status === null) return;
    response.writeHead(status, { 'cache-control': 'public, max-age=600' }).end(JSON.stringify(keySet));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  keys = new SigningKeys(`http://127.0.0.1:${port}/certs`, () => nowMs);
});

afterEach(() => {
  server.closeAllConnections();
  server.close();
});

describe('SigningKeys', () => {
  it('asks once for many unknown key ids', async () => {
    for (let index = 0; index < 200; index++) await keys.forKeyId(`invented ${index}`);

    expect(requests).toBe(1);
  });

  it('asks once in ten seconds while the server fails, whatever key ids are asked for', async () => {
    status = 500;
    const failures = await Promise.allSettled(
      Array.from({ length: 200 }, (_unused, index) => keys.forKeyId(`invented ${index}`)),
    );
    await expect(keys.forKeyId('k1')).rejects.toThrow('answered 500');

    expect(failures.every((failure) => failure.status === 'rejected')).toBe(true);
    expect(requests).toBe(1);

    nowMs = 10_000;
    status = 200;
    await expect(keys.forKeyId('k1')).resolves.toEqual(expect.any(Function));
    expect(requests).toBe(2);
  });

  it('returns expired keys at once while the server does not answer', async () => {
    await keys.forKeyId('k1');
    nowMs = 600_000;
    status = null;

    await expect(keys.forKeyId('k1')).resolves.toEqual(expect.any(Function));
    await expect(keys.forKeyId('k1')).resolves.toEqual(expect.any(Function));
  });
});
