import { describe, expect, it } from '@jest/globals';
import { PIPELINE_COLUMNS, type Column } from '@pipeline/schema-inference';
import fc from 'fast-check';
import { diff } from '../compare/diff.js';
import { columns as anyColumns } from '../columns.builder.js';
import { readContract } from './read-contract.js';
import { datasetContractText, tableContractText } from './write-contract.js';

const COLUMNS: readonly Column[] = [
  ...PIPELINE_COLUMNS,
  { name: 'order_id', type: 'STRING', mode: 'NULLABLE', description: 'pipeline:{"key":"order-id"}' },
  { name: 'gone', type: 'STRING', mode: 'NULLABLE', description: 'pipeline:{"retired":true}' },
  { name: 'tags', type: 'STRING', mode: 'REPEATED' },
  { name: 'any', type: 'JSON', mode: 'REQUIRED' },
  {
    name: 'items',
    type: 'RECORD',
    mode: 'REPEATED',
    columns: [{ name: 'price', type: 'NUMERIC', mode: 'NULLABLE', precision: 5, scale: 2 }],
  },
];

function textOf(columns: readonly Column[]): string {
  return tableContractText({
    dataset: 'prod',
    table: 'orders',
    schema: { columns, closed: false },
    newColumns: 'approve',
    typeChanges: 'evolve',
  });
}

describe('tableContractText', () => {
  it('describes the columns of events, without those of the pipeline and retired ones', () => {
    expect(textOf(COLUMNS))
      .toBe(`# Contract of one table. The verbs decide what happens to a column or a type that is not in this file:
# evolve adds it, approve asks a person first, overflow never adds it. Rows land in any case. docs/CONTRACTS.md

apiVersion: v3.1.0
kind: DataContract
id: prod.orders
name: orders
version: 1.0.0
status: active
schema:
  - name: orders
    physicalName: orders
    logicalType: object
    physicalType: table
    customProperties:
      - property: pipeline.newColumns
        value: approve
      - property: pipeline.typeChanges
        value: evolve
    properties:
      - name: order_id
        logicalType: string
        physicalType: STRING
        customProperties:
          - property: pipeline.key
            value: order-id
      - name: tags
        logicalType: array
        physicalType: ARRAY<STRING>
        items:
          logicalType: string
          physicalType: STRING
      - name: any
        physicalType: JSON
        required: true
      - name: items
        logicalType: array
        physicalType: ARRAY<STRUCT>
        items:
          logicalType: object
          physicalType: STRUCT
          properties:
            - name: price
              logicalType: number
              physicalType: NUMERIC(5,2)
`);
  });

  it('is read back without a difference from the table, whatever its columns are', () => {
    fc.assert(
      fc.property(anyColumns, (columns) => {
        const read = readContract('t.odcs.yaml', textOf(columns));
        if (read.kind !== 'contract' || read.contract.kind !== 'table') throw new Error(JSON.stringify(read));
        expect(diff(read.contract, { columns, closed: false })).toEqual([]);
      }),
    );
  });
});

describe('datasetContractText', () => {
  it('is read back', () => {
    expect(readContract('dataset.odcs.yaml', datasetContractText('prod', 'evolve'))).toMatchObject({
      contract: { kind: 'dataset', newTypes: 'evolve' },
    });
  });
});
