import { describe, expect, it } from '@jest/globals';
import type { SqlRow } from '@pipeline/google-clients';
import { audit, estimateAudit, writeLedger } from './audit.js';
import { RecordedSql } from './recorded-sql.fake.js';

const NOW = new Date('2026-11-23T12:34:56Z');
const SPAN = { from: new Date('2026-11-22T10:20:00Z'), to: NOW };
const OPTIONS = { span: SPAN, now: NOW, inProgressMs: 900_000, tables: ['orders', "o'hara"] };

function line(table: string | null, counts: Record<string, number>): SqlRow {
  const none = {
    received: 0,
    row_count: 0,
    dead_letters: 0,
    dismissed: 0,
    quarantined: 0,
    in_progress: 0,
    unaccounted: 0,
    duplicates: 0,
    unarchived: 0,
    mistimed: 0,
  };
  return { span_start: '2026-11-23T10:00:00.000000Z', table_name: table, ...none, ...counts };
}

describe('audit', () => {
  it('adds the lines up and asks for ids only where something is unaccounted', async () => {
    const sql = new RecordedSql([
      [
        line('orders', { received: 7, row_count: 4, dead_letters: 1, dismissed: 1, quarantined: 1 }),
        line(null, { received: 2, in_progress: 2 }),
      ],
    ]);

    const books = await audit(sql, OPTIONS);

    expect(books.totals).toMatchObject({
      received: 9,
      rows: 4,
      deadLetters: 1,
      dismissed: 1,
      quarantined: 1,
      inProgress: 2,
      unaccounted: 0,
    });
    expect(books.unaccounted).toEqual([]);
    expect(sql.queries).toHaveLength(1);
  });

  it('names what is unaccounted', async () => {
    const sql = new RecordedSql([
      [line(null, { received: 1, unaccounted: 1 })],
      [{ id: 'm-1', published_at: '2026-11-23T10:00:01.000000Z' }],
    ]);

    const { unaccounted } = await audit(sql, { ...OPTIONS, limit: 7 });

    expect(unaccounted).toEqual([{ messageId: 'm-1', publishedAt: '2026-11-23T10:00:01.000000Z' }]);
    expect(sql.queries[1]?.sql).toContain('LIMIT 7');
  });

  it('reads no table without a bound on its partitions, and no payload at all', async () => {
    const sql = new RecordedSql();

    await audit(sql, OPTIONS);

    const [query] = sql.queries;
    const reads = query?.sql.match(/FROM `p\.[ad]\.[^`]+`[^\n]*/g) ?? [];
    expect(reads).toHaveLength(6);
    for (const read of reads) expect(read).toMatch(/WHERE (_?publish_time|dismissed_at) >= @span_from/);
    expect(query?.sql).not.toMatch(/\bdata\b(?!, '\$\.(message_id|table)')/);
    expect(query?.parameters).toEqual({
      span_from: SPAN.from,
      span_to: SPAN.to,
      in_progress_since: new Date('2026-11-23T12:19:56Z'),
    });
  });

  it('quotes the names of tables', async () => {
    const sql = new RecordedSql();

    await audit(sql, OPTIONS);

    expect(sql.queries[0]?.sql).toContain("'0o\\'hara'");
  });

  it('reports the estimate before it reads, and refuses what is too expensive', async () => {
    const sql = new RecordedSql([], 2_000);
    const reported: number[] = [];

    const refused = audit(sql, { ...OPTIONS, maxBytes: 1_000, onEstimate: (bytes) => reported.push(bytes) });

    await expect(refused).rejects.toMatchObject({ code: 'TOO_EXPENSIVE' });
    expect(reported).toEqual([2_000]);
    expect(sql.queries).toEqual([]);
    expect(await estimateAudit(sql, OPTIONS)).toBe(2_000);
  });

  it('limits what BigQuery may bill', async () => {
    const sql = new RecordedSql([], 900);

    await audit(sql, { ...OPTIONS, maxBytes: 1_000 });

    expect(sql.queries.map(({ maximumBytesBilled }) => maximumBytesBilled)).toEqual([1_000]);
  });

  it('reads more tables than a statement may name in groups, into a temporary table', async () => {
    const tables = Array.from({ length: 1_801 }, (_unused, index) => `t${index}`);
    const sql = new RecordedSql([], 10);

    const { estimatedBytes } = await audit(sql, { ...OPTIONS, tables, onEstimate: () => undefined });

    const statements = sql.queries.map((query) => query.sql.split(' ').slice(0, 2).join(' '));
    expect(statements).toEqual([
      'CREATE TABLE',
      'INSERT INTO',
      'INSERT INTO',
      'INSERT INTO',
      'WITH messages',
      'DROP TABLE',
    ]);
    for (const query of sql.queries)
      expect(new Set(query.sql.match(/`p\.d\.t\d+`/g)).size).toBeLessThanOrEqual(900);
    const named = new Set(sql.queries.flatMap((query) => query.sql.match(/`p\.d\.t\d+`/g) ?? []));
    expect(named.size).toBe(1_801);
    expect(sql.queries.filter((query) => query.sql.includes('_raw_events'))).toHaveLength(1);
    expect(estimatedBytes).toBe(30);
  });

  it('drops the temporary table when a group fails', async () => {
    const sql = new RecordedSql();
    const statements: string[] = [];
    sql.execute = (query): Promise<void> => {
      statements.push(query.sql.slice(0, 10));
      return query.sql.startsWith('INSERT') ? Promise.reject(new Error('refused')) : Promise.resolve();
    };
    const tables = Array.from({ length: 901 }, (_unused, index) => `t${index}`);

    await expect(audit(sql, { ...OPTIONS, tables })).rejects.toThrow('refused');

    expect(statements).toEqual(['CREATE TAB', 'INSERT INT', 'DROP TABLE']);
  });

  it('counts only the messages of the named tables', async () => {
    const sql = new RecordedSql([
      [
        line('orders', { received: 5, row_count: 5 }),
        line('refunds', { received: 1, row_count: 1 }),
        line(null, { received: 2, unaccounted: 2 }),
      ],
    ]);

    const { totals } = await audit(sql, { ...OPTIONS, tables: ['orders'], onlyTables: true });

    expect(totals).toMatchObject({ received: 5, rows: 5, unaccounted: 0 });
    expect(sql.queries).toHaveLength(1);
  });
});

describe('writeLedger', () => {
  it('writes whole hours only, without rows leaving BigQuery', async () => {
    const sql = new RecordedSql();

    await writeLedger(sql, { ...OPTIONS, actor: 'spec@1' });

    const [query] = sql.queries;
    expect(query?.sql).toMatch(/^INSERT INTO `p\.a\._ledger`/);
    expect(query?.parameters).toMatchObject({
      span_from: new Date('2026-11-22T10:00:00Z'),
      span_to: new Date('2026-11-23T12:00:00Z'),
      audited_at: NOW,
      actor: 'spec@1',
    });
  });

  it('writes nothing for less than an hour', async () => {
    const sql = new RecordedSql();

    await writeLedger(sql, {
      ...OPTIONS,
      span: { from: new Date('2026-11-23T12:01:00Z'), to: NOW },
      actor: 'spec@1',
    });

    expect(sql.queries).toEqual([]);
  });
});
