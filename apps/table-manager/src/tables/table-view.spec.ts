import { describe, expect, it } from '@jest/globals';
import { InMemoryTables } from '@pipeline/testing';
import { toTableView } from './table-view.js';

describe('toTableView', () => {
  it('lists records and their fields by path', () => {
    const stored = new InMemoryTables().put('t', [
      {
        name: 'items',
        type: 'RECORD',
        mode: 'REPEATED',
        columns: [{ name: 'sku', type: 'STRING', mode: 'NULLABLE', description: 'd' }],
      },
    ]);

    expect(toTableView(stored)).toEqual({
      table: 't',
      closed: false,
      columns: [
        { path: 'items', type: 'RECORD', mode: 'REPEATED', description: null },
        { path: 'items.sku', type: 'STRING', mode: 'NULLABLE', description: 'd' },
      ],
    });
  });
});
