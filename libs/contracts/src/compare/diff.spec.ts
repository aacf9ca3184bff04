import { describe, expect, it } from '@jest/globals';
import type { Column } from '@pipeline/schema-inference';
import type { TableContract } from '../model/contract.js';
import { readContract } from '../odcs/read-contract.js';
import { classify } from './classify.js';
import { diff } from './diff.js';

function aContract(properties: string): TableContract {
  const text = `apiVersion: v3.1.0\nkind: DataContract\nid: t\nversion: "1"\nstatus: active\nschema:\n  - name: t\n    properties:\n${properties}`;
  const read = readContract('t.odcs.yaml', text);
  if (read.kind !== 'contract' || read.contract.kind !== 'table') throw new Error(JSON.stringify(read));
  return read.contract;
}

function aTable(...columns: readonly Column[]): {
  readonly columns: readonly Column[];
  readonly closed: boolean;
} {
  return { columns, closed: false };
}

const A_TOTAL = '      - { name: total, physicalType: NUMERIC }\n';

describe('diff', () => {
  it('is empty for a table as the contract describes it, whatever the case of names', () => {
    expect(diff(aContract(A_TOTAL), aTable({ name: 'Total', type: 'NUMERIC', mode: 'NULLABLE' }))).toEqual(
      [],
    );
  });

  it('names what only one of both has', () => {
    expect(diff(aContract(A_TOTAL), aTable({ name: 'note', type: 'STRING', mode: 'REPEATED' }))).toEqual([
      { kind: 'missing', path: ['total'], to: 'NUMERIC', line: 9 },
      { kind: 'undeclared', path: ['note'], from: 'ARRAY<STRING>' },
    ]);
  });

  it.each<readonly [string, Column, boolean]>([
    ['INT64 to NUMERIC', { name: 'total', type: 'INT64', mode: 'NULLABLE' }, true],
    ['STRING to NUMERIC', { name: 'total', type: 'STRING', mode: 'NULLABLE' }, false],
    ['BIGNUMERIC to NUMERIC', { name: 'total', type: 'BIGNUMERIC', mode: 'NULLABLE' }, false],
    ['a list to one value', { name: 'total', type: 'INT64', mode: 'REPEATED' }, false],
  ])('says whether %s widens in place', (_what, column, isWidening) => {
    expect(diff(aContract(A_TOTAL), aTable(column))).toMatchObject([
      { kind: 'type', to: 'NUMERIC', isWidening },
    ]);
  });

  it('cannot widen inside a list of records', () => {
    const contract = aContract(
      '      - name: items\n        logicalType: array\n        items: { logicalType: object, properties: [{ name: price, physicalType: NUMERIC }] }\n',
    );
    const price: Column = { name: 'price', type: 'INT64', mode: 'NULLABLE' };

    expect(
      diff(contract, aTable({ name: 'items', type: 'RECORD', mode: 'REPEATED', columns: [price] })),
    ).toMatchObject([{ kind: 'type', path: ['items', 'price'], from: 'INT64', isWidening: false }]);
    expect(
      diff(contract, aTable({ name: 'items', type: 'RECORD', mode: 'NULLABLE', columns: [price] })),
    ).toMatchObject([{ kind: 'type', path: ['items'], from: 'STRUCT', to: 'ARRAY<STRUCT>' }]);
  });
});

describe('classify', () => {
  const missing = { kind: 'missing', path: ['a'], to: 'STRING', line: 1 } as const;
  const widening = {
    kind: 'type',
    path: ['a'],
    from: 'INT64',
    to: 'NUMERIC',
    isWidening: true,
    line: 1,
  } as const;

  it.each([
    ['evolve', 'compatible'],
    ['approve', 'needs-approval'],
    ['overflow', 'forbidden'],
  ] as const)('%s makes a change %s', (verb, expected) => {
    expect(classify(missing, { newColumns: verb, typeChanges: 'evolve' })).toBe(expected);
    expect(classify(widening, { newColumns: 'evolve', typeChanges: verb })).toBe(expected);
  });

  it('forbids any other change of a type, and needs nothing for a column that only the table has', () => {
    const verbs = { newColumns: 'evolve', typeChanges: 'evolve' } as const;

    expect(classify({ ...widening, isWidening: false }, verbs)).toBe('forbidden');
    expect(classify({ kind: 'undeclared', path: ['a'], from: 'STRING' }, verbs)).toBe('compatible');
  });
});
