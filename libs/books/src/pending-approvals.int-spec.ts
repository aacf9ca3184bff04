import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { BigquerySql } from '@pipeline/google-clients';
import { PIPELINE_COLUMNS, type TableSchema } from '@pipeline/schema-inference';
import { listContractTables } from './event-tables.js';
import { startLocalDataset, type LocalDataset } from './local-dataset.builder.js';
import { pendingApprovals, type PendingApprovals, type PendingOptions } from './pending-approvals.js';
import { PendingList } from './pending-list.js';

/** More distinct paths than one answer lists. */
const PATHS = 10_050;
/** Twelve attributes of a hundred characters. */
const ATTRIBUTES = JSON.stringify(
  Object.fromEntries(Array.from({ length: 12 }, (_unused, n) => [`attribute${n}`, 'v'.repeat(100)])),
);
/** Ten attributes of 60 characters, a sample of 60, and the names. */
const MAX_ENTRY_CHARACTERS = 1_500;
const SCHEMA: TableSchema = {
  columns: [...PIPELINE_COLUMNS, { name: 'total', type: 'INT64', mode: 'NULLABLE' }],
  closed: false,
  newColumns: 'approve',
  typeChanges: 'approve',
};

describe('pending approvals in SQL', () => {
  let local: LocalDataset;
  let sql: BigquerySql;

  beforeAll(async () => {
    local = await startLocalDataset();
    ({ sql } = local);
    for (const table of ['few', 'many'])
      await sql.execute({
        sql: `CREATE TABLE ${sql.name(table)} (_message_id STRING NOT NULL, _publish_time TIMESTAMP NOT NULL, _attributes JSON, _overflow JSON) OPTIONS(labels=[("pipeline_new_columns", "approve")])`,
      });
  });

  afterAll(() => local.stop());

  function pending(table: string, options: Partial<PendingOptions> = {}): Promise<PendingApprovals> {
    return pendingApprovals(sql, [table], { readSchema: () => Promise.resolve(SCHEMA), ...options });
  }

  async function store(messageId: string, hour: number, overflow: object): Promise<void> {
    await sql.execute({
      sql: `INSERT INTO ${sql.name('few')} (_message_id, _publish_time, _attributes, _overflow) VALUES (@id, @at, PARSE_JSON(@attributes), PARSE_JSON(@overflow))`,
      parameters: {
        attributes: '{"producer":"shop","by":"ada@example.org"}',
        id: messageId,
        at: new Date(Date.UTC(2026, 10, 29, hour)),
        overflow: JSON.stringify(overflow),
      },
    });
  }

  it('are one entry for each path, whatever the index, with kind, type, rate and a redacted sample', async () => {
    const entry = (value: unknown, reason = 'AWAITING_APPROVAL'): object => ({ reason, value });
    await store('m1', 6, { '/items/0/sku': entry('AB-1'), '/0a': entry(true), '/total': entry(1.5) });
    await store('m2', 10, { '/items/3/sku': entry('CD-22'), '/other': entry('x', 'TYPE_CONFLICT') });
    await sql.execute({
      sql:
        `INSERT INTO ${sql.name('_schema_history')} (change_id, table_name, version, path, kind, changed_at, actor)\n` +
        `VALUES ('c', 'few', 1, '/0a', 'REJECT_CHANGE', TIMESTAMP '2026-11-29 11:00:00+00', 'cli')`,
    });
    const items = {
      table: 'few',
      path: '/items/*/sku',
      kind: 'add',
      type: 'STRING',
      values: 2,
      valuesPerHour: 0.5,
      firstMessageId: 'm1',
      firstSeen: '2026-11-29T06:00:00.000000Z',
      lastSeen: '2026-11-29T10:00:00.000000Z',
      days: 1,
      attributes: { producer: 'shop', by: 'xxx@xxxxxxx.xxx' },
      sample: 'xx-99',
      warnings: [],
      rejectedAt: null,
    };

    expect(await pending('few')).toEqual({
      total: 2,
      approvals: [
        items,
        {
          ...items,
          path: '/total',
          kind: 'widen',
          type: 'NUMERIC',
          values: 1,
          valuesPerHour: 1,
          lastSeen: items.firstSeen,
          sample: '9.9',
        },
      ],
    });
    expect((await pending('few', { includeRejected: true })).approvals).toContainEqual(
      expect.objectContaining({ path: '/0a', type: 'BOOL', rejectedAt: '2026-11-29T11:00:00Z' }),
    );
  });

  it('leave out a table made by hand that has no overflow yet', async () => {
    await sql.execute({
      sql: `CREATE TABLE ${sql.name('by_hand')} (_message_id STRING, _publish_time TIMESTAMP)`,
    });

    expect(await pending('by_hand')).toEqual({ approvals: [], total: 0 });
  });

  it('are looked for in tables only to which a contract was applied', async () => {
    const columns = '_message_id STRING, _publish_time TIMESTAMP, r STRUCT<x INT64>';
    await sql.execute({
      sql: `CREATE TABLE ${sql.name('labelled')} (${columns}) OPTIONS(labels=[("pipeline_new_columns", "evolve")])`,
    });
    await sql.execute({
      sql: `CREATE TABLE ${sql.name('noted')} (_message_id STRING, _publish_time TIMESTAMP, r STRUCT<x INT64> OPTIONS(description='pipeline:{"newColumns":"approve"}'))`,
    });

    expect(await listContractTables(sql)).toEqual(['few', 'labelled', 'many', 'noted']);
  });

  it('have paths with quotes, as keys of events may', async () => {
    const value = { reason: 'AWAITING_APPROVAL', value: 'x' };
    await store('m3', 11, { '/19"': value, '/a "b" c/d': value, '/"': value });

    const { approvals } = await pending('few');
    expect(approvals.map(({ path, values }) => [path, values])).toEqual(
      expect.arrayContaining([
        ['/19"', 1],
        ['/a "b" c/d', 1],
        ['/"', 1],
      ]),
    );
  });

  it('are cut at 10,000 paths, and counted', async () => {
    await sql.execute({
      sql:
        `INSERT INTO ${sql.name('many')} (_message_id, _publish_time, _attributes, _overflow)\n` +
        `SELECT CONCAT('m', CAST(n AS STRING)), TIMESTAMP '2026-11-29 10:00:00+00', JSON '${ATTRIBUTES}',\n` +
        `  PARSE_JSON(CONCAT('{"/key', CAST(n AS STRING), '":{"reason":"AWAITING_APPROVAL","value":"', REPEAT('x', 3000), '"}}'))\n` +
        `FROM UNNEST(GENERATE_ARRAY(1, ${PATHS})) AS n`,
    });
    const startedAtMs = Date.now();
    const { approvals, total } = await pending('many');
    const ms = Date.now() - startedAtMs;

    expect([approvals.length, total]).toEqual([10_000, PATHS]);
    expect((await pending('many', { limit: 3 })).approvals).toHaveLength(3);
    process.stdout.write(`pending approvals of ${PATHS} paths: ${ms} ms\n`);
  });

  it('are kept as a list of bounded size that answers without BigQuery, however long the values are', async () => {
    const list = new PendingList({
      sql,
      readSchema: () => Promise.resolve(SCHEMA),
      estimate: () => Promise.resolve([]),
      maxAgeMs: Infinity,
    });
    const first = await list.read();
    await local.stop();
    const startedAtMs = performance.now();
    const answer = await list.read();
    const text = JSON.stringify(answer);
    const ms = performance.now() - startedAtMs;

    expect(answer.approvals).toEqual(first.approvals);
    expect(answer.total).toBeGreaterThan(PATHS);
    expect([answer.approvals.length, text.length / answer.approvals.length < MAX_ENTRY_CHARACTERS]).toEqual([
      10_000,
      true,
    ]);
    process.stdout.write(
      `list of 10,000 changes as JSON of ${text.length} characters: ${ms.toFixed(1)} ms\n`,
    );
  });
});
