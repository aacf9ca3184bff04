import { describe, expect, it } from '@jest/globals';
import type { Column } from '@pipeline/schema-inference';
import { mergeFields, toField, toStoredTable, toTableResource } from './table-resource.js';

const columns: readonly Column[] = [
  { name: 'id', type: 'STRING', mode: 'REQUIRED' },
  { name: 'n', type: 'INT64', mode: 'NULLABLE', description: 'pipeline:{"key":"n "}' },
  { name: 'ok', type: 'BOOL', mode: 'NULLABLE' },
  { name: 'f', type: 'FLOAT64', mode: 'REPEATED' },
  {
    name: 'items',
    type: 'RECORD',
    mode: 'REPEATED',
    columns: [{ name: 'b', type: 'BIGNUMERIC', mode: 'NULLABLE' }],
  },
];

describe('a Table resource', () => {
  it('comes back as the columns it was made of', () => {
    const resource = {
      etag: 'e',
      schema: { fields: columns.map(toField) },
      labels: { pipeline_schema: 'closed' },
    };

    expect(toStoredTable(resource, 't')).toMatchObject({
      tableId: 't',
      etag: 'e',
      schema: { columns, closed: true },
    });
  });

  it('is read in the older and the newer names, without mode, in any case', () => {
    const fields = [
      { name: 'a', type: 'integer' },
      { name: 'b', type: 'STRUCT', fields: [{ name: 'c', type: 'BIGDECIMAL', mode: 'repeated' }] },
    ];

    expect(toStoredTable({ schema: { fields } }, 't').schema).toEqual({
      closed: false,
      columns: [
        { name: 'a', type: 'INT64', mode: 'NULLABLE' },
        {
          name: 'b',
          type: 'RECORD',
          mode: 'NULLABLE',
          columns: [{ name: 'c', type: 'BIGNUMERIC', mode: 'REPEATED' }],
        },
      ],
    });
  });

  it.each([
    [
      { pipeline_new_columns: 'approve', pipeline_type_changes: 'overflow' },
      { newColumns: 'approve', typeChanges: 'overflow' },
    ],
    [{ pipeline_new_columns: 'evolve', pipeline_type_changes: '' }, {}],
    [{ pipeline_new_columns: 'ask' }, {}],
  ])('has the verbs of a contract in its labels: %j', (labels, verbs) => {
    expect(toStoredTable({ labels }, 't').schema).toEqual({ closed: false, columns: [], ...verbs });
  });

  it('refuses a type that no rule is known for, by the name of its column', () => {
    const resource = { schema: { fields: [{ name: 'x', type: 'FOREIGN' }] } };

    expect(() => toStoredTable(resource, 't')).toThrow('Column x of table t has the type FOREIGN');
  });

  it('partitions by day and clusters only where asked', () => {
    const table = {
      tableId: 't',
      columns: [],
      partitionBy: '_publish_time',
      labels: { a: 'b' },
      description: 'd',
    };

    expect(toTableResource({ ...table, clusterBy: [] })).toEqual({
      tableReference: { tableId: 't' },
      description: 'd',
      labels: { a: 'b' },
      schema: { fields: [] },
      timePartitioning: { type: 'DAY', field: '_publish_time' },
    });
    expect(toTableResource({ ...table, clusterBy: ['event_date'] })).toMatchObject({
      clustering: { fields: ['event_date'] },
    });
  });
});

describe('mergeFields', () => {
  it('keeps what the columns do not speak of, at every level', () => {
    const fields = [
      { name: 'A', type: 'NUMERIC', mode: 'REQUIRED', precision: '10', policyTags: { names: ['x'] } },
      { name: 'r', type: 'RECORD', fields: [{ name: 'c', type: 'STRING', maxLength: '5' }] },
      { name: 'other', type: 'STRING' },
    ];

    expect(
      mergeFields(fields, [
        { name: 'A', type: 'NUMERIC', mode: 'NULLABLE' },
        {
          name: 'r',
          type: 'RECORD',
          mode: 'NULLABLE',
          columns: [
            { name: 'c', type: 'STRING', mode: 'NULLABLE' },
            { name: 'd', type: 'INT64', mode: 'NULLABLE' },
          ],
        },
      ]),
    ).toEqual([
      { name: 'A', type: 'NUMERIC', mode: 'NULLABLE', precision: '10', policyTags: { names: ['x'] } },
      {
        name: 'r',
        type: 'RECORD',
        mode: 'NULLABLE',
        fields: [
          { name: 'c', type: 'STRING', mode: 'NULLABLE', maxLength: '5' },
          { name: 'd', type: 'INTEGER', mode: 'NULLABLE' },
        ],
      },
      { name: 'other', type: 'STRING' },
    ]);
  });
});
