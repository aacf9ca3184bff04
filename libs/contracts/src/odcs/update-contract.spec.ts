import { describe, expect, it } from '@jest/globals';
import type { Column } from '@pipeline/schema-inference';
import { withMissingColumns, withTable } from './update-contract.js';

describe('withMissingColumns', () => {
  const FILE = `# Who owns it: finance
apiVersion: v3.1.0
kind: DataContract
id: orders
version: "1.0.0"
status: active
team:
  name: finance # unknown to the pipeline
schema:
  - name: orders
    properties:
      - name: items # the lines of the order
        logicalType: array
        items:
          logicalType: object
          properties: [{ name: price, physicalType: NUMERIC }]
      - name: order_id
        physicalType: STRING
        classification: restricted
`;

  it('adds what the table has and keeps comments, order and unknown keys', () => {
    const schema = {
      columns: [
        { name: 'order_id', type: 'STRING', mode: 'NULLABLE' },
        { name: 'total', type: 'NUMERIC', mode: 'NULLABLE' },
        {
          name: 'items',
          type: 'RECORD',
          mode: 'REPEATED',
          columns: [
            { name: 'price', type: 'NUMERIC', mode: 'NULLABLE' },
            { name: 'sku', type: 'STRING', mode: 'NULLABLE' },
          ],
        },
      ],
      closed: false,
    } as const;
    const added = withMissingColumns(FILE, schema);

    expect(added).toBe(
      FILE.replace(
        '[{ name: price, physicalType: NUMERIC }]',
        '[ { name: price, physicalType: NUMERIC }, { name: sku, logicalType: string, physicalType: STRING } ]',
      ) + '      - name: total\n        logicalType: number\n        physicalType: NUMERIC\n',
    );
    expect(withMissingColumns(added, schema)).toBe(added);
  });
});

describe('withTable', () => {
  const FILE = `apiVersion: v3.1.0
kind: DataContract
id: t
version: "1"
status: active
schema:
  - name: t
    properties:
      - name: amount # in euros
        logicalType: integer
        physicalType: INT64
        classification: internal
`;

  function withColumn(column: Column, text = FILE): string {
    return withTable('t.odcs.yaml', text, { columns: [column], closed: false });
  }

  it('is the file itself if the table is as it says', () => {
    expect(withColumn({ name: 'amount', type: 'INT64', mode: 'NULLABLE' })).toBe(FILE);
  });

  it('takes the wider type of the table, and keeps comments and everything else', () => {
    expect(withColumn({ name: 'amount', type: 'NUMERIC', mode: 'NULLABLE' })).toBe(
      FILE.replace('logicalType: integer', 'logicalType: number').replace('INT64', 'NUMERIC'),
    );
  });

  it('takes a type that was changed by hand, lists included', () => {
    expect(withColumn({ name: 'amount', type: 'JSON', mode: 'NULLABLE' })).toBe(
      FILE.replace('        logicalType: integer\n', '').replace('INT64', 'JSON'),
    );
    const list = withColumn({ name: 'amount', type: 'STRING', mode: 'REPEATED' });
    expect(list).toContain('items:\n          logicalType: string\n          physicalType: STRING\n');
    expect(withColumn({ name: 'amount', type: 'INT64', mode: 'NULLABLE' }, list)).toBe(FILE);
  });

  it('keeps a type that is wider than the table has: applying makes it', () => {
    const wider = FILE.replace('INT64', 'NUMERIC').replace('integer', 'number');

    expect(withColumn({ name: 'amount', type: 'INT64', mode: 'NULLABLE' }, wider)).toBe(wider);
  });

  it('reaches a field of a list of records', () => {
    const text = FILE.replace(/ {6}- name: amount(.|\n)*/, '')
      .concat(
        '      - name: items\n        logicalType: array\n        items:\n          logicalType: object\n',
      )
      .concat('          properties:\n            - name: price\n              physicalType: INT64\n');
    const price: Column = { name: 'price', type: 'NUMERIC', mode: 'NULLABLE' };

    expect(withColumn({ name: 'items', type: 'RECORD', mode: 'REPEATED', columns: [price] }, text)).toContain(
      'physicalType: NUMERIC',
    );
  });
});
