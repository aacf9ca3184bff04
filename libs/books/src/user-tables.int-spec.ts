import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { BigquerySql } from '@pipeline/google-clients';
import { audit } from './audit.js';
import { listEventTables } from './event-tables.js';
import { startLocalDataset, type LocalDataset } from './local-dataset.builder.js';
import { tableOverviews } from './table-overview.js';
import { tableStates } from './table-states.js';

const NOW = new Date('2026-11-23T12:00:00Z');

describe('tables that a user makes in the dataset', () => {
  let local: LocalDataset;
  let sql: BigquerySql;

  beforeAll(async () => {
    local = await startLocalDataset();
    ({ sql } = local);
    const name = (table: string): string => sql.name(table);
    for (const statement of [
      `CREATE TABLE ${name('orders')} (_message_id STRING NOT NULL, _publish_time TIMESTAMP NOT NULL, n INT64, item STRUCT<sku STRING>)`,
      `INSERT INTO ${name('orders')} (_message_id, _publish_time, n) VALUES ('m-1', TIMESTAMP '2026-11-23 10:00:00+00', 1)`,
      `CREATE TABLE ${name('totals')} AS SELECT SUM(n) AS total FROM ${name('orders')}`,
      `CREATE TABLE ${name('ids')} AS SELECT _message_id FROM ${name('orders')}`,
      `CREATE TABLE ${name('days')} AS SELECT _message_id, DATE(_publish_time) AS _publish_time FROM ${name('orders')}`,
      `CREATE TABLE ${name('other_words')} (_publish_time TIMESTAMP, note STRING)`,
      `CREATE VIEW ${name('recent')} AS SELECT * FROM ${name('orders')} WHERE TRUE`,
    ])
      await sql.execute({ sql: statement });
  });

  afterAll(() => local.stop());

  it('are no event tables', async () => {
    expect(await listEventTables(sql)).toEqual(['orders']);
  });

  it('are neither in the overview nor in the live view', async () => {
    const [overview, ...others] = await tableOverviews(sql, await listEventTables(sql));

    expect(overview).toEqual({ table: 'orders', columns: 5, createdAt: expect.stringMatching(/^\d{4}-/) });
    expect(others).toEqual([]);
    expect(await tableStates(sql)).toEqual([
      {
        name: 'orders',
        rows: 1,
        createdAtMs: Date.parse(overview?.createdAt ?? ''),
        columns: new Map([
          ['_message_id', 'STRING'],
          ['_publish_time', 'TIMESTAMP'],
          ['item', 'STRUCT<sku STRING>'],
          ['item.sku', 'STRING'],
          ['n', 'INT64'],
        ]),
      },
    ]);
  });

  it('do not stop the books', async () => {
    const books = await audit(sql, {
      span: { from: new Date('2026-11-23T00:00:00Z'), to: NOW },
      now: NOW,
      inProgressMs: 0,
    });

    expect(books.lines.map(({ table }) => table)).toEqual(['orders']);
  });
});
