import { describe, expect, it } from '@jest/globals';
import { PIPELINE_COLUMNS, type Column, type TableSchema } from '@pipeline/schema-inference';
import { planContract, type DeclaredColumn, type DeclaredTable } from './plan-contract.js';

const total: Column = {
  name: 'total',
  type: 'INT64',
  mode: 'NULLABLE',
  description: 'Cents.\npipeline:{"key":"Total"}',
};

function aTable(...columns: readonly Column[]): TableSchema {
  return { columns: [...PIPELINE_COLUMNS, ...columns], closed: false };
}

function aContract(columns: readonly DeclaredColumn[], verbs: Partial<DeclaredTable> = {}): DeclaredTable {
  return { newColumns: 'evolve', typeChanges: 'evolve', columns, ...verbs };
}

/** The plan, and the plan after it was made. */
function plans(schema: TableSchema, declared: DeclaredTable): readonly unknown[] {
  const first = planContract(schema, declared);
  return [first.steps, planContract(first.schema, declared).steps];
}

describe('planContract', () => {
  it('has no step for a table that is as its contract says', () => {
    expect(plans(aTable(total), aContract([{ name: 'total', type: 'INT64', mode: 'NULLABLE' }]))).toEqual([
      [],
      [],
    ]);
  });

  it('has no step for REQUIRED columns of a hand-made table, because required is a check', () => {
    const columns: readonly Column[] = [
      { name: 'id', type: 'STRING', mode: 'REQUIRED' },
      {
        name: 'r',
        type: 'RECORD',
        mode: 'REQUIRED',
        columns: [{ name: 'n', type: 'INT64', mode: 'REQUIRED' }],
      },
    ];
    const declared = aContract([
      { name: 'id', type: 'STRING', mode: 'NULLABLE' },
      {
        name: 'r',
        type: 'RECORD',
        mode: 'NULLABLE',
        columns: [{ name: 'n', type: 'INT64', mode: 'NULLABLE' }],
      },
    ]);

    expect(plans(aTable(...columns), declared)).toEqual([[], []]);
  });

  it('leaves columns alone that only the table has', () => {
    expect(plans(aTable(total), aContract([]))).toEqual([[], []]);
  });

  it('sets the verbs of the table once', () => {
    const steps = [{ kind: 'verb', path: '', name: 'newColumns', from: 'evolve', to: 'approve' }];

    expect(plans(aTable(total), aContract([], { newColumns: 'approve' }))).toEqual([steps, []]);
  });

  it('writes the verb of a column into its pipeline: line and keeps text and key', () => {
    const declared = aContract([{ name: 'total', type: 'INT64', mode: 'NULLABLE', typeChanges: 'approve' }]);
    const { steps, schema } = planContract(aTable(total), declared);

    expect(steps).toEqual([{ kind: 'verb', path: 'total', name: 'typeChanges', from: null, to: 'approve' }]);
    expect(schema.columns.at(-1)?.description).toBe(
      'Cents.\npipeline:{"key":"Total","typeChanges":"approve"}',
    );
    expect(planContract(schema, aContract([])).schema.columns.at(-1)?.description).toBe(total.description);
  });

  it('takes a verb away that is a column’s only note', () => {
    const column: Column = {
      name: 'a',
      type: 'INT64',
      mode: 'NULLABLE',
      description: 'pipeline:{"typeChanges":"approve"}',
    };

    expect(planContract(aTable(column), aContract([])).schema.columns.at(-1)?.description).toBe('');
  });

  it('adds declared columns with their key, fields of records among them', () => {
    const record: Column = {
      name: 'r',
      type: 'RECORD',
      mode: 'REPEATED',
      columns: [{ name: 'a', type: 'INT64', mode: 'NULLABLE' }],
    };
    const declared = aContract([
      {
        name: 'r',
        type: 'RECORD',
        mode: 'REPEATED',
        columns: [{ name: 'b', key: 'b-b', type: 'STRING', mode: 'NULLABLE' }],
      },
      { name: 'n', type: 'NUMERIC', mode: 'REPEATED' },
    ]);
    const { schema } = planContract(aTable(record), declared);

    expect(plans(aTable(record), declared)).toEqual([
      [
        { kind: 'add', path: 'r.b', type: 'STRING' },
        { kind: 'add', path: 'n', type: 'ARRAY<NUMERIC>' },
      ],
      [],
    ]);
    expect(schema.columns.find(({ name }) => name === 'r')?.columns?.at(-1)).toEqual({
      name: 'b',
      type: 'STRING',
      mode: 'NULLABLE',
      description: 'pipeline:{"key":"b-b"}',
    });
  });

  it('widens what can be widened in place, and reports every other type as a conflict', () => {
    const columns: readonly Column[] = [
      total,
      { name: 'note', type: 'STRING', mode: 'NULLABLE' },
      { name: 'list', type: 'INT64', mode: 'REPEATED' },
    ];
    const declared = aContract([
      { name: 'total', type: 'NUMERIC', mode: 'NULLABLE' },
      { name: 'note', type: 'INT64', mode: 'NULLABLE' },
      { name: 'list', type: 'NUMERIC', mode: 'REPEATED' },
    ]);
    const conflicts = [
      { kind: 'conflict', path: 'note', from: 'STRING', to: 'INT64' },
      { kind: 'conflict', path: 'list', from: 'ARRAY<INT64>', to: 'ARRAY<NUMERIC>' },
    ];

    expect(plans(aTable(...columns), declared)).toEqual([
      [{ kind: 'widen', path: 'total', from: 'INT64', to: 'NUMERIC' }, ...conflicts],
      conflicts,
    ]);
  });

  it('does not touch a retired column', () => {
    const retired: Column = {
      name: 'total',
      type: 'INT64',
      mode: 'NULLABLE',
      description: 'pipeline:{"retired":true}',
    };

    expect(
      planContract(aTable(retired), aContract([{ name: 'total', type: 'STRING', mode: 'NULLABLE' }])).steps,
    ).toEqual([]);
  });
});
