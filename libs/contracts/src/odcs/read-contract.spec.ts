import { describe, expect, it } from '@jest/globals';
import { problemText } from '../model/contract.js';
import { readContract } from './read-contract.js';

const HEAD = `apiVersion: v3.1.0
kind: DataContract
id: orders
version: "1.0.0"
status: active
`;

function problems(text: string): readonly string[] {
  const read = readContract('orders.odcs.yaml', text);
  return read.kind === 'problems' ? read.problems.map(problemText) : [];
}

describe('readContract', () => {
  it('reads a table with records, lists, verbs and lines', () => {
    const text = `${HEAD}owners: kept
schema:
  - name: orders
    customProperties:
      - property: pipeline.eventTypes
        value: [order, order.created]
      - property: pipeline.newColumns
        value: approve
    properties:
      - name: order_id
        physicalType: STRING
        required: true
        customProperties:
          - property: pipeline.key
            value: order-id
      - name: address
        logicalType: object
        customProperties:
          - property: pipeline.newColumns
            value: overflow
        properties:
          - name: city
            logicalType: string
      - name: items
        logicalType: array
        items:
          logicalType: object
          properties:
            - name: price
              physicalType: NUMERIC
              customProperties:
                - property: pipeline.typeChanges
                  value: approve
      - name: tags
        physicalType: ARRAY<STRING>
      - name: payload
        physicalType: JSON
`;
    const read = readContract('orders.odcs.yaml', text);

    expect(read).toMatchObject({
      kind: 'contract',
      contract: {
        kind: 'table',
        file: 'orders.odcs.yaml',
        table: 'orders',
        line: 8,
        eventTypes: ['order', 'order.created'],
        newColumns: 'approve',
        typeChanges: 'evolve',
        columns: [
          {
            name: 'order_id',
            key: 'order-id',
            type: 'STRING',
            mode: 'NULLABLE',
            rules: [{ kind: 'required' }],
            line: 15,
          },
          {
            name: 'address',
            type: 'RECORD',
            mode: 'NULLABLE',
            newColumns: 'overflow',
            columns: [{ name: 'city', type: 'STRING', line: 27 }],
          },
          {
            name: 'items',
            type: 'RECORD',
            mode: 'REPEATED',
            columns: [{ name: 'price', type: 'NUMERIC', mode: 'NULLABLE', typeChanges: 'approve' }],
          },
          { name: 'tags', type: 'STRING', mode: 'REPEATED' },
          { name: 'payload', type: 'JSON', mode: 'NULLABLE' },
        ],
      },
    });
  });

  it('reads the file of the dataset', () => {
    const text = `${HEAD}customProperties:\n  - property: pipeline.newTypes\n    value: evolve\n`;

    expect(readContract('dataset.odcs.yaml', text)).toMatchObject({
      contract: { kind: 'dataset', file: 'dataset.odcs.yaml', newTypes: 'evolve' },
    });
  });

  it('lets everything evolve if no verb is set', () => {
    expect(readContract('a', `${HEAD}schema:\n  - name: a\n`)).toMatchObject({
      contract: { newColumns: 'evolve', typeChanges: 'evolve', eventTypes: null, columns: [] },
    });
    expect(readContract('a', HEAD)).toMatchObject({ contract: { kind: 'dataset', newTypes: 'evolve' } });
  });

  it.each(['v3.1.0', 'v3.1.2', 'v3.2.0', 'v3.10.1'])('reads version %s of the standard', (version) => {
    expect(problems(HEAD.replace('v3.1.0', version))).toEqual([]);
  });

  it.each(['v2.2.2', 'v3.0.2', 'v4.0.0', '3.1.0'])('refuses version %s of the standard', (version) => {
    expect(problems(HEAD.replace('v3.1.0', version))).toEqual([
      `orders.odcs.yaml:1: apiVersion: apiVersion is ${version}. Write apiVersion: v3.1.0, or a newer version 3 of the standard.`,
    ]);
  });

  it.each<readonly [string, string, string]>([
    [
      'an empty file',
      '',
      'orders.odcs.yaml:1: The file is empty or no object. Create one with pipeline contracts init.',
    ],
    [
      'a list',
      '- a\n',
      'orders.odcs.yaml:1: The file is empty or no object. Create one with pipeline contracts init.',
    ],
    [
      'a type that BigQuery lacks',
      `${HEAD}schema:\n  - name: a\n    properties:\n      - name: b\n        physicalType: NUMBR\n`,
      'orders.odcs.yaml:10: schema[0].properties[0].physicalType: physicalType NUMBR is no BigQuery type. ' +
        'Use a type such as STRING, INT64, NUMERIC, TIMESTAMP, JSON, STRUCT or ARRAY<STRING>.',
    ],
    [
      'a column without a type',
      `${HEAD}schema:\n  - name: a\n    properties:\n      - name: b\n`,
      'orders.odcs.yaml:9: schema[0].properties[0]: The column has no type. Add physicalType: with a BigQuery type.',
    ],
    [
      'a column without a name',
      `${HEAD}schema:\n  - name: a\n    properties:\n      - physicalType: STRING\n`,
      'orders.odcs.yaml:9: schema[0].properties[0].name: a column has no name. Add name: COLUMN.',
    ],
    [
      'one column twice',
      `${HEAD}schema:\n  - name: a\n    properties:\n      - name: b\n        physicalType: STRING\n      - name: B\n        physicalType: INT64\n`,
      'orders.odcs.yaml:11: schema[0].properties[1]: column B is described twice. Keep one of the two entries.',
    ],
    [
      'a column of the pipeline',
      `${HEAD}schema:\n  - name: a\n    properties:\n      - name: _message_id\n        physicalType: STRING\n`,
      'orders.odcs.yaml:9: schema[0].properties[0]: _message_id is a column of the pipeline, which every table has. Delete the entry.',
    ],
    [
      'a verb that does not exist',
      `${HEAD}schema:\n  - name: a\n    customProperties:\n      - property: pipeline.newColumns\n        value: ask\n`,
      'orders.odcs.yaml:9: schema[0].customProperties[0]: pipeline.newColumns is "ask". Use evolve, approve, overflow.',
    ],
    [
      'a verb for new types that is not available',
      `${HEAD}customProperties:\n  - property: pipeline.newTypes\n    value: overflow\n`,
      'orders.odcs.yaml:7: customProperties[0]: pipeline.newTypes is "overflow". Use evolve, approve, reject.',
    ],
    [
      'a verb in a place where it has no effect',
      `${HEAD}customProperties:\n  - property: pipeline.newColumns\n    value: approve\n`,
      'orders.odcs.yaml:7: customProperties[0]: pipeline.newColumns has no effect here. ' +
        'Move it to customProperties of the table or of a column, below schema.',
    ],
    [
      'a misspelt property of the pipeline',
      `${HEAD}schema:\n  - name: a\n    customProperties:\n      - property: pipeline.newcolumns\n        value: approve\n`,
      'orders.odcs.yaml:9: schema[0].customProperties[0]: pipeline.newcolumns has no effect here. ' +
        'Use one of pipeline.eventTypes, pipeline.newColumns, pipeline.typeChanges, pipeline.newTypes, pipeline.key.',
    ],
    [
      'required in quotes',
      `${HEAD}schema:\n  - name: a\n    properties:\n      - name: b\n        physicalType: STRING\n        required: "yes"\n`,
      'orders.odcs.yaml:11: schema[0].properties[0].required: required is neither true nor false. Write required: true, or delete the line.',
    ],
    [
      'two tables',
      `${HEAD}schema:\n  - name: a\n  - name: b\n`,
      'orders.odcs.yaml:6: schema: schema describes several tables. Keep one file for each table.',
    ],
    [
      'the same key twice',
      `${HEAD}id: again\n`,
      'orders.odcs.yaml:6: The file is not YAML: Map keys must be unique. Correct the line; indentation is two spaces and a tab is not allowed.',
    ],
  ])('reports %s with line and remedy', (_what, text, expected) => {
    expect(problems(text)).toEqual([expected]);
  });

  it('reports every mistake at once, in order of the file', () => {
    const text = `${HEAD}schema:\n  - name: a\n    properties:\n      - name: b\n        physicalType: X\n      - name: c\n        physicalType: Y\n`;

    expect(problems(text).map((line) => line.split(': ')[0])).toEqual([
      'orders.odcs.yaml:10',
      'orders.odcs.yaml:12',
    ]);
  });

  it('refuses a file whose aliases expand beyond measure', () => {
    const bomb = ['a: &a [x, x, x, x, x, x, x, x, x]'];
    for (let level = 1; level < 9; level++) {
      const [before, name] = ['abcdefghi'[level - 1], 'abcdefghi'[level]];
      bomb.push(`${name}: &${name} [${Array(9).fill(`*${before}`).join(', ')}]`);
    }
    expect(problems(bomb.join('\n'))).toHaveLength(1);
  });
});
