import { describe, expect, it } from '@jest/globals';
import { PIPELINE_COLUMNS, type Column, type TableSchema } from '@pipeline/schema-inference';
import { parseRetypeType, planRetype, type RetypePlan, type RetypeWish } from './plan-retype.js';

const column = (name: string, type: Column['type'], rest: Partial<Column> = {}): Column => ({
  name,
  type,
  mode: 'NULLABLE',
  ...rest,
});
const note = (fields: object): string => `pipeline:${JSON.stringify(fields)}`;
const table = (...columns: Column[]): TableSchema => ({
  columns: [...PIPELINE_COLUMNS, ...columns],
  closed: false,
});
const plan = (schema: TableSchema, path: string, type: string, numbersAsText = false): RetypePlan =>
  planRetype(schema, {
    path: path.split('.'),
    numbersAsText,
    ...(parseRetypeType(type) as Pick<RetypeWish, 'type' | 'isRepeated'>),
  });
const begun = (schema: TableSchema, path: string, type: string, numbersAsText = false): TableSchema => {
  const planned = plan(schema, path, type, numbersAsText);
  if (planned.kind !== 'begin') throw new Error(planned.kind);
  return planned.schema;
};

describe('planRetype', () => {
  it('retires the column and gives its key to a new one', () => {
    expect(plan(table(column('a', 'BOOL'), column('price', 'INT64')), 'price', 'NUMERIC')).toEqual({
      kind: 'begin',
      retired: 'price',
      added: 'price__v2',
      schema: table(
        column('a', 'BOOL'),
        column('price', 'INT64', { description: note({ key: 'price', retired: true }) }),
        column('price__v2', 'NUMERIC', { description: note({ key: 'price' }) }),
      ),
    });
  });

  it('keeps the key and the text of the description', () => {
    const schema = table(
      column('order_id', 'INT64', { description: `The id\n${note({ key: 'order-id' })}` }),
    );

    expect(begun(schema, 'order_id', 'string', true).columns.slice(-2)).toEqual([
      column('order_id', 'INT64', { description: `The id\n${note({ key: 'order-id', retired: true })}` }),
      column('order_id__v2', 'STRING', {
        description: `The id\n${note({ key: 'order-id', numbersAsText: true })}`,
      }),
    ]);
  });

  it('keeps what a contract says of a column and of a field, and that a record is closed', () => {
    const field = column('price', 'INT64', { description: note({ typeChanges: 'approve' }) });
    const schema = table(
      column('items', 'RECORD', {
        description: note({ closed: true, newColumns: 'overflow' }),
        columns: [field],
      }),
    );

    expect(begun(schema, 'items.price', 'NUMERIC').columns.at(-1)).toEqual(
      column('items__v2', 'RECORD', {
        description: note({ key: 'items', closed: true, newColumns: 'overflow' }),
        columns: [{ ...field, type: 'NUMERIC' }],
      }),
    );
    expect(begun(schema, 'items', 'JSON').columns.at(-1)?.description).toBe(
      note({ key: 'items', newColumns: 'overflow' }),
    );
  });

  it('gives an array of records a new column with one field of another type', () => {
    const fields = [
      column('sku', 'STRING'),
      column('price', 'INT64', { description: note({ key: 'Price' }) }),
    ];
    const schema = table(column('items', 'RECORD', { mode: 'REPEATED', columns: fields }));

    expect(begun(schema, 'items.price', 'NUMERIC').columns.at(-1)).toEqual(
      column('items__v2', 'RECORD', {
        mode: 'REPEATED',
        description: note({ key: 'items' }),
        columns: [
          column('sku', 'STRING'),
          column('price', 'NUMERIC', { description: note({ key: 'Price' }) }),
        ],
      }),
    );
  });

  it('continues what was begun, by either name', () => {
    const schema = begun(table(column('price', 'INT64')), 'price', 'NUMERIC');
    const found = { kind: 'continue', retired: 'price', added: 'price__v2' };

    expect([plan(schema, 'price', 'NUMERIC'), plan(schema, 'price__v2', 'numeric')]).toEqual([found, found]);
  });

  it('retypes a column again', () => {
    const schema = begun(table(column('price', 'INT64')), 'price', 'NUMERIC');

    expect(plan(schema, 'price', 'STRING')).toMatchObject({
      kind: 'begin',
      retired: 'price__v2',
      added: 'price__v3',
    });
  });

  it('has nothing to do if the column has the type', () => {
    expect(plan(table(column('price', 'INT64')), 'PRICE', 'integer')).toEqual({ kind: 'done' });
    expect(plan(table(column('tags', 'STRING', { mode: 'REPEATED' })), 'tags', 'ARRAY<STRING>')).toEqual({
      kind: 'done',
    });
  });

  it.each<[string, TableSchema, string, string, object]>([
    ['a pipeline column', table(), '_overflow', 'STRING', { code: 'PIPELINE_COLUMN' }],
    [
      'an unknown column',
      table(column('price', 'INT64')),
      'prise',
      'STRING',
      { code: 'NO_SUCH_COLUMN', names: ['price'] },
    ],
    [
      'an unknown field',
      table(column('r', 'RECORD', { columns: [column('a', 'INT64')] })),
      'r.b',
      'STRING',
      { code: 'NO_SUCH_COLUMN', names: ['r.a'] },
    ],
    [
      'a record',
      table(column('r', 'RECORD', { columns: [column('a', 'INT64')] })),
      'r',
      'INT64',
      { code: 'IS_RECORD' },
    ],
    [
      'a column whose key is a hash',
      table(column('k', 'INT64', { description: note({ keySha256: 'a'.repeat(64) }) })),
      'k',
      'STRING',
      { code: 'KEY_UNKNOWN' },
    ],
    [
      'a closed table',
      { ...table(column('a', 'INT64')), closed: true },
      'a',
      'STRING',
      { code: 'TABLE_CLOSED' },
    ],
  ])('refuses %s', (_name, schema, path, type, expected) => {
    expect(plan(schema, path, type)).toMatchObject({ kind: 'refused', ...expected });
  });

  it.each([
    ['numeric', { type: 'NUMERIC', isRepeated: false }],
    ['ARRAY<Integer>', { type: 'INT64', isRepeated: true }],
    ['GEOGRAPHY', null],
    ['NUMBER', null],
    ['ARRAY<ARRAY<STRING>>', null],
    ['STRUCT<a INT64>', null],
  ])('reads the type %s', (text, expected) => {
    expect(parseRetypeType(text)).toEqual(expected);
  });
});
