import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { BigquerySql } from '@pipeline/google-clients';
import { startLocalDataset, type LocalDataset } from './local-dataset.builder.js';
import { overflowGroups } from './overflow.js';

const AT = new Date('2026-11-29T10:00:00Z');
const SPAN = { from: new Date('2026-11-29T00:00:00Z'), to: new Date('2026-11-30T00:00:00Z') };

describe('overflow in SQL', () => {
  let local: LocalDataset;
  let sql: BigquerySql;

  beforeAll(async () => {
    local = await startLocalDataset();
    ({ sql } = local);
    for (const table of ['few', 'many'])
      await sql.execute({
        sql: `CREATE TABLE ${sql.name(table)} (_message_id STRING NOT NULL, _publish_time TIMESTAMP NOT NULL, _overflow JSON)`,
      });
  });

  afterAll(() => local.stop());

  async function store(table: string, messageId: string, overflow: object): Promise<void> {
    await sql.execute({
      sql: `INSERT INTO ${sql.name(table)} (_message_id, _publish_time, _overflow) VALUES (@id, @at, PARSE_JSON(@overflow))`,
      parameters: { id: messageId, at: AT, overflow: JSON.stringify(overflow) },
    });
  }

  it('groups values by path and reason, array indexes as one', async () => {
    await store('few', 'm-1', {
      '/a/0': { value: 'x', reason: 'TYPE_CONFLICT' },
      '/a/1': { value: 'y', reason: 'TYPE_CONFLICT' },
      '/b': { value: 1, reason: 'SCHEMA_CLOSED' },
      '/0abc': { value: 1, reason: 'SCHEMA_CLOSED' },
      '/c/1/2/': { value: 1, reason: 'SCHEMA_CLOSED' },
      '/d/0/1/2/3/45': { value: 1, reason: 'SCHEMA_CLOSED' },
      '/e//7': { value: 1, reason: 'SCHEMA_CLOSED' },
    });

    expect(
      (await overflowGroups(sql, ['few'], SPAN)).map(({ path, reason, values }) => [path, reason, values]),
    ).toEqual([
      ['/a/*', 'TYPE_CONFLICT', 2],
      ['/0abc', 'SCHEMA_CLOSED', 1],
      ['/b', 'SCHEMA_CLOSED', 1],
      ['/c/*/*/', 'SCHEMA_CLOSED', 1],
      ['/d/*/*/*/*/*', 'SCHEMA_CLOSED', 1],
      ['/e//*', 'SCHEMA_CLOSED', 1],
    ]);
  });

  it('counts every value of a row that has more than it lists', async () => {
    const entry = { value: 1, reason: 'SCHEMA_CLOSED' };
    await store(
      'many',
      'm-2',
      Object.fromEntries(Array.from({ length: 1_500 }, (_unused, n) => [`/k${n}`, entry])),
    );
    const groups = await overflowGroups(sql, ['many', 'few'], SPAN);
    const many = groups.filter(({ table }) => table === 'many');

    expect(many.reduce((sum, { values }) => sum + values, 0)).toBe(1_500);
    expect(many[0]).toEqual({
      table: 'many',
      path: '…',
      reason: null,
      values: 500,
      firstSeen: expect.any(String),
      lastSeen: expect.any(String),
      sampleMessageId: 'm-2',
      samplePointer: '',
    });
    expect(many).toHaveLength(1_001);
  });

  it('reads hundreds of tables in one statement', async () => {
    const tables = Array.from({ length: 300 }, (_unused, n) => `wide_${n}`);
    const columns = '_message_id STRING NOT NULL, _publish_time TIMESTAMP NOT NULL, _overflow JSON';
    await sql.execute({
      sql: tables.map((table) => `CREATE TABLE ${sql.name(table)} (${columns})`).join(';\n'),
    });
    await store('wide_7', 'm-7', { '/a': { value: 1, reason: 'SCHEMA_CLOSED' } });
    await store('wide_299', 'm-8', { '/a': { value: 1, reason: 'SCHEMA_CLOSED' } });

    const groups = await overflowGroups(sql, tables, SPAN);
    expect(
      groups.map(({ table, path, values, sampleMessageId }) => [table, path, values, sampleMessageId]),
    ).toEqual([
      ['wide_299', '/a', 1, 'm-8'],
      ['wide_7', '/a', 1, 'm-7'],
    ]);
  });
});
