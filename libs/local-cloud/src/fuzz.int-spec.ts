import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type LocalCloud, startLocalCloud } from './local-cloud.js';

/** Requests to each service; `FUZZ_REQUESTS=50000` is the long form. `FUZZ_SEED` repeats a run. */
const REQUESTS = Number(process.env['FUZZ_REQUESTS'] ?? 400);
const SEED = Number(process.env['FUZZ_SEED'] ?? 20_261_129);

const SERVICES = ['pubsub', 'bigquery', 'storage', 'eventarc'] as const;
type Service = (typeof SERVICES)[number];

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'];
const PATHS: Readonly<Record<Service, readonly string[]>> = {
  pubsub: [
    '/v1/projects/p/topics',
    '/v1/projects/p/topics/t',
    '/v1/projects/p/topics/t:publish',
    '/v1/projects/p/subscriptions/s',
    '/v1/projects/p/subscriptions/s:acknowledge',
    '/v1/projects/p/subscriptions/s:modifyAckDeadline',
    '/v1/projects/p/subscriptions/s:seek',
    '/v1/projects/p/snapshots/n',
  ],
  bigquery: [
    '/bigquery/v2/projects/p/datasets',
    '/bigquery/v2/projects/p/datasets/d',
    '/bigquery/v2/projects/p/datasets/d/tables',
    '/bigquery/v2/projects/p/datasets/d/tables/t',
    '/bigquery/v2/projects/p/datasets/d/tables/t/insertAll',
    '/bigquery/v2/projects/p/datasets/d/tables/t/data',
    '/bigquery/v2/projects/p/queries',
    '/bigquery/v2/projects/p/jobs',
    '/admin/lag',
  ],
  storage: [
    '/storage/v1/b',
    '/storage/v1/b/k',
    '/storage/v1/b/k/o',
    '/storage/v1/b/k/o/n',
    '/upload/storage/v1/b/k/o',
    '/k/n',
  ],
  eventarc: ['/v1/projects/p/locations/l/triggers', '/v1/projects/p/locations/l/triggers/t', '/relay/x'],
};
const KEYS = [
  'name',
  'topic',
  'messages',
  'data',
  'ackIds',
  'ackDeadlineSeconds',
  'labels',
  'schema',
  'fields',
  'type',
  'mode',
  'rows',
  'json',
  'insertId',
  'query',
  'useLegacySql',
  'view',
  'tableReference',
  'datasetReference',
  'datasetId',
  'tableId',
  'configuration',
  'metadata',
  'updateMask',
  'subscription',
  'pushConfig',
  'deadLetterPolicy',
  'filter',
  'time',
  '__proto__',
];
const SCALARS: readonly unknown[] = [
  null,
  true,
  0,
  -1,
  1e308,
  0.1,
  '',
  't',
  'd',
  'STRING',
  'RECORD',
  'REPEATED',
  '10s',
  'projects/p/topics/t',
  'SELECT 1',
  'SELECT',
  '\u0000',
  '\ud800',
  'é',
  'x'.repeat(2_000),
  '../..',
  "'; DROP TABLE t; --",
];

function randomOf(seed: number): () => number {
  let state = seed;
  return () => (state = (state * 1_664_525 + 1_013_904_223) % 2 ** 32) / 2 ** 32;
}

describe(`a local cloud under ${REQUESTS} odd requests to each service`, () => {
  let cloud: LocalCloud;

  beforeAll(async () => {
    cloud = await startLocalCloud({
      ports: { pubsub: 0, bigquery: 0, bigqueryStorage: 0, storage: 0, eventarc: 0 },
    });
  });
  afterAll(async () => {
    await cloud.stop();
  });

  it.each(SERVICES)(
    '%s answers each of them, and with no undocumented server error',
    async (service) => {
      const random = randomOf(SEED);
      const pick = <T>(values: readonly T[]): T => values[Math.floor(random() * values.length)] as T;
      const value = (depth: number): unknown => {
        if (depth === 0 || random() < 0.4) return pick(SCALARS);
        if (random() < 0.3) return Array.from({ length: Math.floor(random() * 4) }, () => value(depth - 1));
        return Object.fromEntries(
          Array.from({ length: Math.floor(random() * 5) }, () => [pick(KEYS), value(depth - 1)]),
        );
      };
      let answered = 0;
      for (let count = 0; count < REQUESTS; count += 1) {
        const method = pick(METHODS);
        const path =
          pick(PATHS[service]) +
          pick(['', '', '', '/%zz', '?pageSize=x', '?pageToken=%00', `/${pick(KEYS)}`]);
        const body = method === 'GET' || random() < 0.1 ? '' : JSON.stringify(value(4));
        const text = random() < 0.1 ? body.slice(0, -1) : body;
        const status = await statusOf(cloud.ports[service], method, path, text);
        answered += 1;
        const isDocumented = status < 500 || status === 501 || status === 503;
        if (!isDocumented) expect({ seed: SEED, count, method, path, text, status }).toBe('documented');
      }
      expect(answered).toBe(REQUESTS);
    },
    3_600_000,
  );
});

function statusOf(port: number, method: string, path: string, body: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
    const sent = request({ host: '127.0.0.1', port, method, path, headers }, (response) => {
      response.resume();
      response.on('end', () => {
        resolve(response.statusCode ?? 0);
      });
    });
    sent.on('error', reject);
    sent.end(body);
  });
}
