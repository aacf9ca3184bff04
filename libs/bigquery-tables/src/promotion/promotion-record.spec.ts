import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { insertStatement, PROMOTIONS_COLUMNS } from './promotion-record.js';

const file = new URL('../../../../test/contracts/tables/promotions.json', import.meta.url);
const contract = JSON.parse(readFileSync(file, 'utf8')) as { readonly columns: readonly object[] };

describe('a row of _promotions', () => {
  it('has the columns of the contract', () => {
    expect(PROMOTIONS_COLUMNS).toEqual(contract.columns);
  });

  it('has a value for every column', () => {
    const { sql, parameters } = insertStatement(
      't',
      [
        {
          table: 'orders',
          day: '2026-11-29',
          outcome: 'failed',
          rowsRead: 3,
          rowsChanged: 2,
          valuesMoved: 4,
          valuesOverflowed: 0,
          bytesProcessed: 5,
          detail: "INVALID: don't",
          startedAtMs: 0,
          durationMs: 6,
        },
      ],
      { runId: 'r', scope: 'waiting', actor: 'spec' },
    );

    expect(sql).toBe(
      `INSERT INTO t (${PROMOTIONS_COLUMNS.map(({ name }) => name).join(', ')}) VALUES\n` +
        "(@runId, @table0, DATE '2026-11-29', @scope, 'failed', 3, 2, 4, 5, NULLIF(@detail0, ''), @startedAt0, 6, @actor)",
    );
    expect(parameters).toEqual({
      runId: 'r',
      scope: 'waiting',
      actor: 'spec',
      table0: 'orders',
      detail0: "INVALID: don't",
      startedAt0: new Date(0),
    });
  });
});
