import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { runPipeline } from './command-line.js';
import { eventually } from './eventually.js';
import { Pipeline } from './pipeline.js';

/** The six columns that every table has, whatever its events are. */
const PIPELINE_COLUMN_TYPES = {
  _message_id: 'STRING',
  _publish_time: 'TIMESTAMP',
  _event_type: 'STRING',
  _ingest_time: 'TIMESTAMP',
  _attributes: 'JSON',
  _overflow: 'JSON',
};

const EXPECTED_TYPES: Record<string, Record<string, string>> = {
  orders: {
    order_id: 'STRING',
    customer_id: 'STRING',
    order_date: 'TIMESTAMP',
    status: 'STRING',
    total_amount: 'NUMERIC',
    currency: 'STRING',
    event_date: 'DATE',
  },
  inventory: {
    inventory_id: 'STRING',
    product_id: 'STRING',
    quantity_change: 'INT64',
    warehouse_id: 'STRING',
    reason: 'STRING',
    timestamp: 'TIMESTAMP',
    event_date: 'DATE',
  },
  user_activity: {
    user_id: 'STRING',
    session_id: 'STRING',
    activity_type: 'STRING',
    page_url: 'STRING',
    timestamp: 'TIMESTAMP',
    event_date: 'DATE',
  },
};

describe('events of the generator', () => {
  let pipeline: Pipeline;
  let messageIds: string[];

  beforeAll(async () => {
    pipeline = await Pipeline.start();
    const [, generator] = await Promise.all([pipeline.startTableManager(), pipeline.startEventGenerator()]);
    const response = await fetch(`${generator.url}/generate`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ count: 90, seed: 7 }),
    });
    ({ messageIds } = (await response.json()) as { messageIds: string[] });
  }, 300_000);

  afterAll(() => pipeline.stop());

  it('all become rows of tables that the pipeline created, each exactly once', async () => {
    const stored = await eventually(async () => {
      const tables = await Promise.all(
        ['orders', 'inventory', 'user_activity'].map((table) => pipeline.messageIds(table)),
      );
      const ids = tables.flatMap((set) => [...set]);
      expect(ids).toHaveLength(90);
      return ids;
    });

    expect(new Set(stored)).toEqual(new Set(messageIds));
  });

  it.each(Object.entries(EXPECTED_TYPES))('%s has native types', async (table, expected) => {
    const types = await pipeline.columnTypes(table);

    expect(types).toMatchObject({ ...PIPELINE_COLUMN_TYPES, ...expected });
  });

  it('the items of an order are a repeated record', async () => {
    const types = await pipeline.columnTypes('orders');

    expect(types['items']).toMatch(/^ARRAY<STRUCT<.*product_id STRING/);
    expect(types).toMatchObject({ 'items.quantity': 'INT64', 'items.unit_price': 'NUMERIC' });
  });

  it('are all in the archive, which nothing of ours writes', async () => {
    await eventually(async () => {
      const rows = await pipeline.query<{ id: string }>(
        'SELECT DISTINCT message_id AS id FROM `prod_events_archive._raw_events`',
      );
      expect(new Set(rows.map(({ id }) => id))).toEqual(new Set(messageIds));
    });
  });

  it('leave nothing in the overflow column', async () => {
    const rows = await pipeline.query<{ n: number }>(
      'SELECT COUNT(*) AS n FROM `prod_events_dataset.orders` WHERE _overflow IS NOT NULL',
    );

    expect(rows).toEqual([{ n: 0 }]);
  });

  it('are as the example contracts describe them', async () => {
    for (const table of ['orders', 'inventory', 'user_activity']) {
      const file = `contracts/${table}.odcs.yaml`;
      const { exitCode, stdout } = await runPipeline(pipeline.cloud, 'contracts', 'diff', file);

      expect([exitCode, stdout]).toEqual([0, `${table}: the table is as ${file} describes it.\n`]);
    }
  });
});
