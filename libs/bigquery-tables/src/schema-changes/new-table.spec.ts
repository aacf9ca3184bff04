import { describe, expect, it } from '@jest/globals';
import { PIPELINE_COLUMNS, type Column } from '@pipeline/schema-inference';
import { describeNewTable } from './new-table.js';

describe('describeNewTable', () => {
  it.each<[string, Column, readonly string[]]>([
    ['a date', { name: 'event_date', type: 'DATE', mode: 'NULLABLE' }, ['event_date']],
    ['a text', { name: 'event_date', type: 'STRING', mode: 'NULLABLE' }, ['event_date']],
    ['a list', { name: 'event_date', type: 'DATE', mode: 'REPEATED' }, []],
    ['a type that cannot be clustered', { name: 'event_date', type: 'JSON', mode: 'NULLABLE' }, []],
    ['another name', { name: 'event_day', type: 'DATE', mode: 'NULLABLE' }, []],
  ])('clusters by event_date: %s', (_name, column, clusterBy) => {
    const table = describeNewTable('t', { columns: [...PIPELINE_COLUMNS, column], closed: false });

    expect(table).toMatchObject({
      clusterBy,
      partitionBy: '_publish_time',
      labels: { managed_by: 'pipeline' },
      columns: [...PIPELINE_COLUMNS, column],
    });
  });

  it('labels a closed table as such', () => {
    expect(describeNewTable('t', { columns: [], closed: true }).labels).toMatchObject({
      pipeline_schema: 'closed',
    });
  });
});
