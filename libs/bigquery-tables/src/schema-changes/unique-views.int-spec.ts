import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { BigqueryClient, BigquerySql, allRows } from '@pipeline/google-clients';
import { startBigqueryEmulator } from '@pipeline/local-cloud';
import { PIPELINE_COLUMNS, type Column } from '@pipeline/schema-inference';
import { BigqueryTableStore } from './bigquery-table-store.adapter.js';
import { describeNewTable } from './new-table.js';
import type { StoredTable } from './table-store.port.js';
import { UniqueViews } from './unique-views.js';

const dataset = { projectId: 'local-project', datasetId: 'events' };
const A: Column = { name: 'a', type: 'INT64', mode: 'NULLABLE' };
const B: Column = { name: 'b', type: 'STRING', mode: 'NULLABLE' };

let emulator: Awaited<ReturnType<typeof startBigqueryEmulator>>;
let client: BigqueryClient;
let store: BigqueryTableStore;
let sql: BigquerySql;
let views: UniqueViews;

beforeAll(async () => {
  emulator = await startBigqueryEmulator({ host: '127.0.0.1', port: 0, log: () => undefined });
  client = new BigqueryClient({ ...dataset, endpoint: `http://127.0.0.1:${emulator.port}` });
  await client.request({
    method: 'POST',
    path: ['datasets'],
    body: { datasetReference: { projectId: dataset.projectId, datasetId: dataset.datasetId } },
  });
  store = new BigqueryTableStore(client);
  sql = new BigquerySql(client);
  views = new UniqueViews({ store, ...dataset, refreshDelayMs: 1 });
});

afterAll(async () => {
  await views.stop();
  await emulator.stop();
});

async function create(tableId: string): Promise<StoredTable> {
  const schema = { columns: [...PIPELINE_COLUMNS, A], closed: false };
  const outcome = await store.create(describeNewTable(tableId, schema));
  if (outcome.kind !== 'created') throw new Error(outcome.kind);
  return outcome.table;
}

async function reportedColumns(viewId: string): Promise<readonly string[]> {
  const view = (await client.request({
    method: 'GET',
    path: ['datasets', dataset.datasetId, 'tables', viewId],
  })) as { readonly schema: { readonly fields: readonly { readonly name: string }[] } };
  return view.schema.fields.map(({ name }) => name);
}

describe('UniqueViews, against the embedded BigQuery', () => {
  it('reports columns that were added after the view was created', async () => {
    const table = await create('orders');
    await views.ensure(table);
    const schema = { columns: [...table.schema.columns, B], closed: false };
    const changed = await store.patchSchema(table, schema);
    if (changed.kind !== 'changed') throw new Error(changed.kind);
    expect(await reportedColumns('orders_unique')).not.toContain('b');

    await views.stop();
    views = new UniqueViews({ store, ...dataset });
    await views.ensure(changed.table);

    expect(await reportedColumns('orders_unique')).toContain('b');
  });

  it('shows one row per message, the earliest, within any span of publish time', async () => {
    await views.ensure(await create('copies'));
    const row = (id: string, publishTime: string, ingestTime: string, a: number): string =>
      `('${id}', TIMESTAMP '${publishTime}', TIMESTAMP '${ingestTime}', ${a})`;
    await sql.execute({
      sql: `INSERT INTO ${sql.name('copies')} (_message_id, _publish_time, _ingest_time, a) VALUES ${[
        row('m1', '2026-11-29T10:00:00Z', '2026-11-29T10:00:02Z', 2),
        row('m1', '2026-11-29T10:00:00Z', '2026-11-29T10:00:01Z', 1),
        row('m2', '2026-11-28T10:00:00Z', '2026-11-29T10:00:01Z', 3),
      ].join(', ')}`,
    });

    const query = `SELECT _message_id, a FROM ${sql.name('copies_unique')}`;
    expect(await allRows(sql, { sql: `${query} ORDER BY _message_id` })).toEqual([
      { _message_id: 'm1', a: 1 },
      { _message_id: 'm2', a: 3 },
    ]);
    expect(
      await allRows(sql, { sql: `${query} WHERE _publish_time >= TIMESTAMP '2026-11-29T00:00:00Z'` }),
    ).toEqual([{ _message_id: 'm1', a: 1 }]);
  });
});
