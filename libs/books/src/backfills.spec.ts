import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { BACKFILLS_COLUMNS } from './backfills.js';

const file = new URL('../../../test/contracts/tables/backfills.json', import.meta.url);

describe('_backfills', () => {
  it('has the columns of the contract', () => {
    const { columns } = JSON.parse(readFileSync(file, 'utf8')) as { readonly columns: unknown };
    expect(BACKFILLS_COLUMNS).toEqual(columns);
  });
});
