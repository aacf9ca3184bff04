import { request } from 'node:http';
import { statSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type LocalCloud, startLocalCloud } from './local-cloud.js';

describe('a local cloud and web pages on the same machine', () => {
  let cloud: LocalCloud;
  let directory: string;

  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), 'foreign-'));
    cloud = await startLocalCloud({
      ports: { pubsub: 0, bigquery: 0, bigqueryStorage: 0, storage: 0, eventarc: 0 },
      dataDirectory: join(directory, 'data'),
    });
  });
  afterAll(async () => {
    await cloud.stop();
    rmSync(directory, { recursive: true });
  });

  const SERVICES = [
    ['pubsub', 'PUT', '/v1/projects/p/topics/t'],
    ['bigquery', 'POST', '/bigquery/v2/projects/p/queries'],
    ['storage', 'POST', '/storage/v1/b'],
    ['eventarc', 'GET', '/v1/projects/p/locations/l/triggers'],
  ] as const;

  function statusOf(
    service: (typeof SERVICES)[number],
    headers: Readonly<Record<string, string>>,
  ): Promise<number | undefined> {
    const [name, method, path] = service;
    return new Promise((resolve, reject) => {
      const sent = request(
        { host: '127.0.0.1', port: cloud.ports[name], method, path, headers },
        (response) => {
          response.resume();
          resolve(response.statusCode);
        },
      );
      sent.on('error', reject);
      sent.end(method === 'GET' ? undefined : '{}');
    });
  }

  it.each(SERVICES)('%s refuses the page of another site', async (...service) => {
    const origin = { 'content-type': 'text/plain', origin: 'https://evil.example' };
    expect(await statusOf(service, origin)).toBe(403);
  });

  it.each(SERVICES)('%s refuses a name that was rebound to this machine', async (...service) => {
    expect(await statusOf(service, { host: 'evil.example' })).toBe(403);
  });

  it.each(SERVICES)('%s serves loopback names', async (...service) => {
    const statuses = await Promise.all(
      ['localhost', '127.0.0.1', '[::1]'].map((host) =>
        statusOf(service, { host: `${host}:1234`, origin: `http://${host}:8082` }),
      ),
    );
    expect(statuses).not.toContain(403);
  });

  it('keeps its folder from other accounts', () => {
    expect(statSync(join(directory, 'data')).mode & 0o777).toBe(0o700);
  });
});
