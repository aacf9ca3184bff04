import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { PROMOTIONS_COLUMNS, toPromotionRow } from './promotion-record.js';

const file = new URL('../../../../test/contracts/tables/promotions.json', import.meta.url);
const contract = JSON.parse(readFileSync(file, 'utf8')) as { readonly columns: readonly object[] };

describe('a row of _promotions', () => {
  it('has the columns of the contract', () => {
    expect(PROMOTIONS_COLUMNS).toEqual(contract.columns);
  });

  it('has a value for every column', () => {
    const { row } = toPromotionRow(
      {
        table: 'orders',
        day: '2026-11-29',
        outcome: 'failed',
        rowsRead: 3,
        rowsChanged: 2,
        valuesMoved: 4,
        bytesProcessed: 5,
        detail: 'INVALID: no',
        startedAtMs: 0,
        durationMs: 6,
      },
      { runId: 'r', scope: 'waiting', actor: 'spec' },
    );

    expect(row).toEqual({
      run_id: 'r',
      table_name: 'orders',
      publish_day: '2026-11-29',
      scope: 'waiting',
      outcome: 'failed',
      rows_read: 3,
      rows_changed: 2,
      values_moved: 4,
      bytes_processed: 5,
      detail: 'INVALID: no',
      started_at: '1970-01-01T00:00:00.000Z',
      duration_ms: 6,
      actor: 'spec',
    });
    expect(Object.keys(row)).toEqual(PROMOTIONS_COLUMNS.map(({ name }) => name));
  });
});
