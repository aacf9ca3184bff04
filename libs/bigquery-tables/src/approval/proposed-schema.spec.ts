import { describe, expect, it } from '@jest/globals';
import type { SqlRow } from '@pipeline/google-clients';
import { PIPELINE_COLUMNS, type TableSchema } from '@pipeline/schema-inference';
import { proposedSchema } from './proposed-schema.js';
import type { ApprovalSql } from './waiting-values.js';

const SCHEMA: TableSchema = {
  columns: [...PIPELINE_COLUMNS, { name: 'total', type: 'INT64', mode: 'NULLABLE' }],
  closed: false,
  newColumns: 'approve',
  typeChanges: 'approve',
};

/** Rows with these values in `_overflow`. */
function aSql(...overflows: readonly Readonly<Record<string, unknown>>[]): ApprovalSql {
  async function* rows(): AsyncGenerator<SqlRow> {
    await Promise.resolve();
    for (const [index, overflow] of overflows.entries()) {
      const entries = Object.entries(overflow).map(([path, value]) => [
        path,
        { reason: 'AWAITING_APPROVAL', value },
      ]);
      yield { _message_id: `m${index}`, overflow: JSON.stringify(Object.fromEntries(entries)) };
    }
  }
  return { name: (table: string) => table, rows } as unknown as ApprovalSql;
}

async function proposed(sql: ApprovalSql, ...paths: readonly string[]): Promise<readonly string[]> {
  const { columns } = await proposedSchema(sql, { tableId: 't', schema: SCHEMA }, paths);
  return columns
    .filter(({ name }) => !name.startsWith('_'))
    .map(({ name, type, mode, columns: fields = [] }) =>
      [name, type, mode, ...fields.map((field) => `${field.name} ${field.type}`)].join(' '),
    );
}

describe('proposedSchema', () => {
  it('has the type of every value that waits, whatever came first', async () => {
    expect(await proposed(aSql({ '/discount': 1 }, { '/discount': 0.5 }), '/discount')).toEqual([
      'total INT64 NULLABLE',
      'discount NUMERIC NULLABLE',
    ]);
  });

  it('has only what was asked for: other paths that wait, or were rejected, are left out', async () => {
    const sql = aSql({ '/r/a': 1, '/r/b': 'x', '/other': true, '/items/0/sku': 's' });

    expect(await proposed(sql, '/r/b', '/items/*/sku')).toEqual([
      'total INT64 NULLABLE',
      'r RECORD NULLABLE b STRING',
      'items RECORD REPEATED sku STRING',
    ]);
  });

  it('widens a column, and is the table itself if nothing is asked for', async () => {
    const sql = aSql({ '/total': 1.5 });

    expect([await proposed(sql, '/total'), await proposed(sql)]).toEqual([
      ['total NUMERIC NULLABLE'],
      ['total INT64 NULLABLE'],
    ]);
  });
});
