import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { BigqueryTableStore, createTableTools } from '@pipeline/bigquery-tables';
import { Forecaster, REPLAY_OF } from '@pipeline/books';
import { BigqueryClient, BigquerySql, type OutgoingMessage } from '@pipeline/google-clients';
import {
  DEFAULT_PIPELINE_NAMES,
  provisionDataset,
  startLocalCloud,
  type LocalCloud,
} from '@pipeline/local-cloud';
import { PIPELINE_COLUMNS } from '@pipeline/schema-inference';
import type { Identity } from '../access/access.js';
import { Warehouse } from '../warehouse/warehouse.js';
import type { RunContext } from './action.js';
import type { ActionTools } from './action-tools.js';
import { DecideAction } from './decide.action.js';

const AT = '2026-11-29T10:00:00Z';
const ADA: Identity = { person: 'ada', actor: 'console@1 (ada)', role: 'admin' };
const CONTEXT: RunContext = {
  signal: new AbortController().signal,
  onProgress: () => undefined,
  onLine: () => undefined,
};

let cloud: LocalCloud;
let client: BigqueryClient;
let sql: BigquerySql;
let decided: string[];

beforeAll(async () => {
  cloud = await startLocalCloud({
    ports: { pubsub: 0, bigquery: 0, bigqueryStorage: 0, storage: 0, eventarc: 0 },
  });
  await provisionDataset(DEFAULT_PIPELINE_NAMES, cloud.urls.bigquery);
  const { projectId, dataset: datasetId } = DEFAULT_PIPELINE_NAMES;
  client = new BigqueryClient({ projectId, datasetId, endpoint: cloud.urls.bigquery, timeoutMs: 120_000 });
  sql = new BigquerySql(client);
});

afterAll(() => cloud.stop());

beforeEach(async () => {
  decided = [];
  await sql.execute({ sql: `DELETE FROM ${sql.name('_quarantine')} WHERE TRUE` });
  await sql.execute({ sql: `DROP TABLE IF EXISTS ${sql.name('invoice')}` });
});

async function hold(
  id: string,
  { type, table }: { readonly type: string; readonly table: string },
): Promise<void> {
  const data = Buffer.from(JSON.stringify({ event_type: type, n: 1 })).toString('base64');
  await sql.execute({
    sql: `INSERT INTO ${sql.name('_quarantine')} (message_id, publish_time, event_type, table_name, reason, data, attributes, quarantined_at)
VALUES ('${id}', TIMESTAMP '${AT}', '${type}', '${table}', 'AWAITING_APPROVAL', FROM_BASE64('${data}'), JSON '{}', CURRENT_TIMESTAMP())`,
  });
}

/** The table as an approval leaves it that was interrupted. */
async function createInvoice(): Promise<void> {
  await sql.execute({
    sql: `CREATE TABLE ${sql.name('invoice')} (_message_id STRING NOT NULL, _publish_time TIMESTAMP NOT NULL)`,
  });
}

/** Does what the services do with a replayed message. */
async function store({ attributes }: OutgoingMessage): Promise<string> {
  const id = attributes[REPLAY_OF] ?? '';
  await sql.execute({
    sql: `INSERT INTO ${sql.name('invoice')} (_message_id, _publish_time) VALUES ('${id}', TIMESTAMP '${AT}')`,
  });
  return `replay-of-${id}`;
}

function action(name: 'approve' | 'reject'): DecideAction {
  const tables = new BigqueryTableStore(client);
  const tools: Partial<ActionTools> = {
    warehouse: new Warehouse({
      sql,
      store: tables,
      history: { read: () => Promise.reject(new Error('is not read')) },
      routing: { routes: {} },
      inProgressMs: 0,
      maxBytes: Infinity,
      isLocal: true,
    }),
    pending: { decided: (kind, table) => decided.push(`${kind} ${table}`) },
    replayTopic: 'replays',
    publisher: () => ({ publish: store, close: () => Promise.resolve() }) as never,
    forecaster: () =>
      new Forecaster({
        readSchema: () => Promise.resolve({ columns: PIPELINE_COLUMNS, closed: false }),
        routes: {},
      }),
    tables: ({ actor }) => createTableTools(client, { actor }),
  };
  return new DecideAction(name, tools as ActionTools);
}

describe('the preview of a decision about an event type', () => {
  it('is about the asked table, also if more events of the type of that name ask for another table', async () => {
    await hold('1', { type: 'b', table: 'a' });
    await hold('2', { type: 'b', table: 'a' });
    await hold('3', { type: 'c', table: 'b' });

    expect(await action('approve').preview({ table: 'b', path: '' }, ADA)).toMatchObject({
      input: { table: 'b', path: '' },
      figures: { kind: 'type', table: 'b', eventType: 'c', values: 1 },
    });
    const reject = action('reject').preview({ table: 'b', path: '', reason: 'no' }, ADA);
    expect(await reject).toMatchObject({ input: { table: 'b' }, figures: { table: 'b' } });
  });

  it('is about the table of the event type if no table has the name', async () => {
    await hold('1', { type: 'b', table: 'a' });

    expect(await action('approve').preview({ table: 'b', path: '' }, ADA)).toMatchObject({
      input: { table: 'a' },
      figures: { kind: 'type', table: 'a', eventType: 'b' },
    });
  });

  it('counts the events that an interrupted approval left, and its run replays them', async () => {
    await createInvoice();
    await hold('1', { type: 'invoice', table: 'invoice' });
    await hold('2', { type: 'invoice', table: 'invoice' });
    await store({ data: Buffer.from(''), attributes: { [REPLAY_OF]: '1' } });

    const preview = await action('approve').preview({ table: 'invoice', path: '' }, ADA);
    expect([preview.input, preview.figures]).toEqual([
      { table: 'invoice', path: '', reason: '' },
      { kind: 'interrupted', table: 'invoice', path: '', values: 1, estimatedBytes: 0 },
    ]);
    expect(await preview.run(CONTEXT)).toMatchObject({
      kind: 'approved',
      table: 'invoice',
      created: false,
      replayed: 1,
      left: 0,
    });
    expect(decided).toEqual(['approve invoice']);
    await expect(action('approve').preview({ table: 'invoice', path: '' }, ADA)).rejects.toMatchObject({
      body: { error: { code: 'NOTHING_WAITS' } },
    });
  });

  it('finds nothing to reject once the table exists', async () => {
    await createInvoice();
    await hold('1', { type: 'invoice', table: 'invoice' });

    await expect(
      action('reject').preview({ table: 'invoice', path: '', reason: 'no' }, ADA),
    ).rejects.toMatchObject({ body: { error: { code: 'NOTHING_WAITS' } } });
  });
});
