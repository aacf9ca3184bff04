import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { DISMISSALS_COLUMNS, markDismissed } from './dismissals.js';
import { RecordedSql } from './recorded-sql.fake.js';

const file = new URL('../../../test/contracts/tables/dismissals.json', import.meta.url);

describe('_dismissals', () => {
  it('has the columns of the contract', () => {
    const { columns } = JSON.parse(readFileSync(file, 'utf8')) as { readonly columns: unknown };
    expect(DISMISSALS_COLUMNS).toEqual(columns);
  });

  it('is only added to, a thousand messages at a time, with values as parameters', async () => {
    const sql = new RecordedSql();
    const at = new Date('2026-11-29T10:00:00Z');
    const ids = Array.from({ length: 1_001 }, (_unused, index) => `m${index}`);

    await markDismissed(sql, ids, { dismissed: false, reason: null, at, actor: 'spec@1' });

    expect(sql.queries.map((query) => query.sql.split(' ').slice(0, 2).join(' '))).toEqual([
      'INSERT INTO',
      'INSERT INTO',
    ]);
    expect(sql.queries[0]?.sql).toContain('SELECT id, FALSE,');
    expect(sql.queries[1]?.parameters).toEqual({ message_ids: ['m1000'], reason: '', at, actor: 'spec@1' });
  });
});
