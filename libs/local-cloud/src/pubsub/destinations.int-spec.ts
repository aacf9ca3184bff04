import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startBigqueryEmulator } from '../bigquery/index.js';
import { startStorageEmulator } from '../storage/index.js';
import { until } from './contract/pubsub-session.builder.js';
import { startPubsubEmulator } from './index.js';

const TOPIC = 'projects/p/topics/events';
const RAW_COLUMNS = [
  { name: 'subscription_name', type: 'STRING' },
  { name: 'message_id', type: 'STRING' },
  { name: 'publish_time', type: 'TIMESTAMP' },
  { name: 'attributes', type: 'JSON' },
];

const stops: (() => Promise<void>)[] = [];
const ports = { pubsub: 0, bigquery: 0, storage: 0 };

async function call(port: number, method: string, path: string, body?: object): Promise<unknown> {
  const response = await fetch(`http://127.0.0.1:${port}${path}`, {
    method,
    headers: { 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
  return text === '' ? {} : JSON.parse(text);
}

const createSubscription = (id: string, config: object): Promise<unknown> =>
  call(ports.pubsub, 'PUT', `/v1/projects/p/subscriptions/${id}`, { topic: TOPIC, ...config });

const publish = (messages: readonly object[]): Promise<unknown> =>
  call(ports.pubsub, 'POST', `/v1/${TOPIC}:publish`, { messages });

async function query(sql: string): Promise<unknown[][]> {
  const answer = (await call(ports.bigquery, 'POST', '/bigquery/v2/projects/p/queries', {
    query: sql,
    useLegacySql: false,
  })) as { rows?: readonly { f: readonly { v: unknown }[] }[] };
  return (answer.rows ?? []).map(({ f }) => f.map(({ v }) => v));
}

beforeAll(async () => {
  const common = { host: '127.0.0.1', port: 0, log: (): undefined => undefined };
  const bigquery = await startBigqueryEmulator(common);
  const storage = await startStorageEmulator(common);
  const pubsub = await startPubsubEmulator({ ...common, tables: bigquery.tables, objects: storage.objects });
  for (const emulator of [pubsub, storage, bigquery]) stops.push(() => emulator.stop());
  Object.assign(ports, { pubsub: pubsub.port, bigquery: bigquery.port, storage: storage.port });
  await call(ports.pubsub, 'PUT', `/v1/${TOPIC}`, {});
  const datasetReference = { projectId: 'p', datasetId: 'd' };
  await call(ports.bigquery, 'POST', '/bigquery/v2/projects/p/datasets', { datasetReference });
});

afterAll(async () => {
  for (const stop of stops) await stop();
});

describe('Pub/Sub subscriptions to the embedded BigQuery', () => {
  it('refuse a table that does not exist', async () => {
    const config = { bigqueryConfig: { table: 'p.d.missing', writeMetadata: true } };
    await expect(createSubscription('missing-table', config)).rejects.toThrow(/: 404 .*NOT_FOUND/s);
  });

  it.each([
    ['raw_events', 'BYTES', 'eyJhIjoxfQ=='],
    ['dead_letters', 'JSON', '{"a":1}'],
    ['texts', 'STRING', '{"a":1}'],
  ])('fills %s, whose data is %s', async (tableId, type, data) => {
    await call(ports.bigquery, 'POST', '/bigquery/v2/projects/p/datasets/d/tables', {
      tableReference: { projectId: 'p', datasetId: 'd', tableId },
      schema: { fields: [...RAW_COLUMNS, { name: 'data', type }] },
    });
    await createSubscription(`to-${tableId}`, {
      bigqueryConfig: { table: `p.d.${tableId}`, writeMetadata: true },
    });

    await publish([{ data: btoa('{"a":1}'), attributes: { kind: 'x' } }]);

    const rows = await until(
      () => query(`SELECT subscription_name, JSON_VALUE(attributes, '$.kind'), data FROM d.${tableId}`),
      ({ length }) => length === 1,
    );
    expect(rows).toEqual([[`projects/p/subscriptions/to-${tableId}`, 'x', data]]);
  });

  it('waits for a table that was deleted until it is created again', async () => {
    const tables = '/bigquery/v2/projects/p/datasets/d/tables';
    const table = {
      tableReference: { projectId: 'p', datasetId: 'd', tableId: 'later' },
      schema: { fields: [{ name: 'data', type: 'STRING' }] },
    };
    await call(ports.bigquery, 'POST', tables, table);
    await createSubscription('to-later', { bigqueryConfig: { table: 'p.d.later' } });
    await call(ports.bigquery, 'DELETE', `${tables}/later`);
    await publish([{ data: btoa('early') }]);

    await call(ports.bigquery, 'POST', tables, table);

    await until(
      () => query('SELECT data FROM d.later'),
      (rows) => rows.length === 1 && rows[0]?.[0] === 'early',
    );
  });
});

describe('Pub/Sub subscriptions to the embedded Cloud Storage', () => {
  it('writes a file of 1,000 messages', async () => {
    await call(ports.storage, 'POST', '/storage/v1/b?project=p', { name: 'events' });
    await createSubscription('to-files', {
      cloudStorageConfig: {
        bucket: 'events',
        filenamePrefix: 'raw/',
        filenameSuffix: '.txt',
        maxMessages: '1000',
      },
    });

    await publish(Array.from({ length: 1_000 }, (_, index) => ({ data: btoa(String(index)) })));

    const { items } = (await until(
      () =>
        call(ports.storage, 'GET', '/storage/v1/b/events/o?prefix=raw/') as Promise<{
          items?: readonly object[];
        }>,
      (list) => list.items?.length === 1,
    )) as { items: readonly { name: string }[] };
    const path = `/storage/v1/b/events/o/${encodeURIComponent(items[0]?.name ?? '')}?alt=media`;
    const text = await (await fetch(`http://127.0.0.1:${ports.storage}${path}`)).text();
    expect(
      text
        .trimEnd()
        .split('\n')
        .map(Number)
        .sort((a, b) => a - b),
    ).toEqual(Array.from({ length: 1_000 }, (_, index) => index));
  });
});
