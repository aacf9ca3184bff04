import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { canonicalJson } from '../contract-values.builder.js';
import { decodeEvent } from '../decode/decode-event.js';
import { eventText, handMadeSchema, propertyOptions } from '../nasty-events.builder.js';
import { plan } from '../plan/plan.js';
import { PIPELINE_COLUMNS, type Column, type TableSchema } from '../schema/column.js';
import { compileSchema } from '../schema/compile-schema.js';
import type { JsonValue } from '../values/row.js';
import { explain } from './explain.js';
import { fit } from './fit.js';
import { overflowText } from './overflow.js';
import { refit } from './refit.js';

type StoredRow = Readonly<Record<string, JsonValue>>;

const table = (...columns: Column[]): TableSchema => ({
  columns: [...PIPELINE_COLUMNS, ...columns],
  closed: false,
});
const column = (name: string, type: Column['type'], rest: Partial<Column> = {}): Column => ({
  name,
  type,
  mode: 'NULLABLE',
  ...rest,
});
const note = (fields: object): string => `pipeline:${JSON.stringify(fields)}`;

/** The row of an event as a writer that knows `schema` stores it. */
function stored(text: string, schema: TableSchema): StoredRow {
  const decoded = decodeEvent({ data: Buffer.from(text), attributes: { event_type: 't' } });
  if (decoded.kind === 'rejected') throw new Error(`${decoded.code}: ${text}`);
  const { row, overflow } = fit(decoded.event, compileSchema(schema), { pending: 'overflow' });
  return { ...row, _overflow: overflow === null ? null : overflowText(overflow) };
}

/** As many rounds of planning as an event of the generator has levels settle every event. */
const settle = (schema: TableSchema, texts: readonly string[]): TableSchema =>
  Array.from({ length: 5 }).reduce<TableSchema>((known) => learn(known, texts), schema);

function learn(schema: TableSchema, texts: readonly string[]): TableSchema {
  const compiled = compileSchema(schema);
  const pending = texts.map((text) => {
    const decoded = decodeEvent({ data: Buffer.from(text), attributes: { event_type: 't' } });
    if (decoded.kind === 'rejected') throw new Error(decoded.code);
    return fit(decoded.event, compiled).pending;
  });
  return plan(schema, pending).schema;
}

const refitted = (row: StoredRow, schema: TableSchema): StoredRow => {
  const result = refit(row, compileSchema(schema));
  return result.kind === 'changed' ? { ...row, ...result.row } : row;
};

const leaves = (row: StoredRow, schema: TableSchema): Map<string, unknown> =>
  new Map(explain(row, schema).map(({ pointer, json }) => [pointer, canonicalJson(json)]));

describe('refit', () => {
  it('moves a value into the column that has come', () => {
    const row = stored('{"a":1,"b":"x"}', table(column('a', 'INT64')));

    expect(refit(row, compileSchema(table(column('a', 'INT64'), column('b', 'STRING'))))).toEqual({
      kind: 'changed',
      row: { a: 1, b: 'x', _overflow: null },
      moved: 1,
      pending: [],
    });
  });

  it('moves a value out of a retired column', () => {
    const schema = table(
      column('price', 'INT64', { description: note({ key: 'price', retired: true }) }),
      column('price__v2', 'NUMERIC', { description: note({ key: 'price' }) }),
    );

    expect(refit({ price: 10, _overflow: null }, compileSchema(schema))).toMatchObject({
      kind: 'changed',
      row: { price: null, price__v2: '10', _overflow: null },
    });
  });

  it('keeps the value of the new column if the retired one has one too', () => {
    const schema = table(
      column('price', 'INT64', { description: note({ key: 'price', retired: true }) }),
      column('price__v2', 'NUMERIC', { description: note({ key: 'price' }) }),
    );

    expect(refitted({ price: 10, price__v2: '9.99', _overflow: null }, schema)).toMatchObject({
      price__v2: '9.99',
    });
  });

  it('moves the elements of a retired array although BigQuery reads an array that was never written as an empty one', () => {
    const items = (name: string, price: Column['type'], rest: object): Column =>
      column(name, 'RECORD', {
        mode: 'REPEATED',
        columns: [column('sku', 'STRING'), column('price', price)],
        description: note({ key: 'items', ...rest }),
      });
    const schema = table(items('items', 'INT64', { retired: true }), items('items__v2', 'NUMERIC', {}));
    const row = {
      items: [
        { sku: 'a', price: 10 },
        { sku: 'b', price: null },
      ],
      items__v2: [],
      _overflow: '{"/items/1/price":{"reason":"NOT_WIDENABLE","value":9.99}}',
    };

    expect(explain(row, schema).map(({ pointer, json }) => [pointer, json])).toEqual([
      ['/items/0/sku', '"a"'],
      ['/items/0/price', '10'],
      ['/items/1/sku', '"b"'],
      ['/items/1/price', '9.99'],
    ]);
    expect(refitted(row, schema)).toEqual({
      items: null,
      items__v2: [
        { sku: 'a', price: '10' },
        { sku: 'b', price: '9.99' },
      ],
      _overflow: null,
    });
  });

  it('moves what the new type does not hold into the overflow', () => {
    const schema = table(
      column('v', 'STRING', { description: note({ key: 'v', retired: true }) }),
      column('v__v2', 'INT64', { description: note({ key: 'v' }) }),
    );

    expect(refitted({ v: 'x', _overflow: null }, schema)).toEqual({
      v: null,
      v__v2: null,
      _overflow: '{"/v":{"reason":"TYPE_CONFLICT","value":"x"}}',
    });
  });

  it('says what the overflow still needs', () => {
    const row = stored('{"a":1,"b":"x"}', table(column('a', 'INT64')));

    expect(refit(row, compileSchema(table(column('a', 'INT64'))))).toEqual({
      kind: 'unchanged',
      pending: [{ kind: 'add', path: ['b'], shape: { type: 'STRING', repeated: false } }],
    });
  });

  it('puts fields into the elements of an array that have waited for them', () => {
    const items = (...columns: Column[]): TableSchema =>
      table(column('items', 'RECORD', { mode: 'REPEATED', columns }));
    const row = stored('{"items":[{"sku":"a"},{},{"sku":"b","n":2}]}', items(column('sku', 'STRING')));
    const wider = items(column('sku', 'STRING'), column('n', 'INT64'));

    expect(refitted(row, wider)).toEqual({ items: [{ sku: 'a' }, {}, { sku: 'b', n: 2 }], _overflow: null });
  });

  it('rebuilds an array of records that had no column', () => {
    const text = '{"items":[{},{"sku":"a"},{"sku":"b"}]}';
    const schema = learn(table(), [text]);

    expect(refitted(stored(text, table()), schema)).toEqual({
      items: [{}, { sku: 'a' }, { sku: 'b' }],
      _overflow: null,
    });
  });

  it('rebuilds an object with keys like indexes, which is no array', () => {
    const text = '{"o":{"0":{"a":1},"1":{"a":2}}}';
    const schema = table(column('o', 'JSON'));

    expect(refitted(stored(text, table()), schema)).toEqual({
      o: '{"0":{"a":1},"1":{"a":2}}',
      _overflow: null,
    });
  });

  it('takes a key like an index of a record for a key', () => {
    const schema = table(column('o', 'RECORD', { columns: [column('b', 'INT64')] }));

    expect(refit(stored('{"o":{"0":1}}', schema), compileSchema(schema))).toMatchObject({
      kind: 'unchanged',
      pending: [{ kind: 'add', path: ['o', '0'] }],
    });
  });

  it('keeps a literal that no column holds', () => {
    const row = stored('{"a":1e400,"b":1}', table());

    expect(refitted(row, table(column('a', 'NUMERIC'), column('b', 'INT64')))).toEqual({
      a: null,
      b: 1,
      _overflow: '{"/a":{"reason":"NUMBER_NOT_REPRESENTABLE","literal":"1e400"}}',
    });
  });

  it('leaves columns alone whose values come from elsewhere or whose key is a hash', () => {
    const schema = table(
      column('raw', 'BYTES'),
      column('k', 'INT64', { description: note({ keySha256: 'a'.repeat(64) }) }),
      column('b', 'INT64'),
    );
    const row = { raw: 'YWJj', k: 7, _overflow: '{"/b":{"reason":"AWAITING_COLUMN","value":1}}' };

    expect(refitted(row, schema)).toEqual({ raw: 'YWJj', k: 7, b: 1, _overflow: null });
  });

  it('moves a value into the column that records only the hash of its key', () => {
    const key = 'a'.repeat(1_100);
    const schema = learn(table(), [JSON.stringify({ [key]: 1 })]);
    const [hashed] = schema.columns.slice(PIPELINE_COLUMNS.length);
    const row = stored(JSON.stringify({ [key]: 7 }), table());

    expect(hashed?.description).toContain('keySha256');
    expect(refitted(row, schema)).toEqual({ [hashed?.name ?? '']: 7, _overflow: null });
  });

  const partlyUnread = [
    column('raw', 'BYTES'),
    column('k', 'INT64', { description: note({ keySha256: 'a'.repeat(64) }) }),
    column('a', 'INT64'),
    column('b', 'INT64'),
  ];

  it('keeps the fields of a record that it cannot read beside the value that moves into it', () => {
    const schema = table(column('r', 'RECORD', { columns: partlyUnread }));
    const row = {
      r: { raw: 'YWJj', k: 7, a: 1 },
      _overflow: '{"/r/b":{"reason":"AWAITING_COLUMN","value":2}}',
    };

    expect(refitted(row, schema)).toEqual({ r: { raw: 'YWJj', k: 7, a: 1, b: 2 }, _overflow: null });
  });

  it('keeps the fields that it cannot read in their elements of an array', () => {
    const schema = table(column('r', 'RECORD', { mode: 'REPEATED', columns: partlyUnread }));
    const row = {
      r: [{ k: 7 }, { raw: 'YWJj', a: 1 }, {}],
      _overflow: '{"/r/2/b":{"reason":"AWAITING_COLUMN","value":2}}',
    };

    expect(refitted(row, schema)).toEqual({
      r: [{ k: 7 }, { raw: 'YWJj', a: 1 }, { b: 2 }],
      _overflow: null,
    });
  });

  it('takes the step after a repeated record for an index, also if the record has a field of that key', () => {
    const fields = [column('_1', 'INT64', { description: note({ key: '1' }) }), column('a', 'INT64')];
    const schema = table(column('r', 'RECORD', { mode: 'REPEATED', columns: fields }));

    expect(refitted({ _overflow: '{"/r/1/a":{"reason":"AWAITING_COLUMN","value":2}}' }, schema)).toEqual({
      r: [{}, { a: 2 }],
      _overflow: null,
    });
  });

  it('leaves in a retired record what it cannot read, and moves the rest', () => {
    const schema = table(
      column('r', 'RECORD', { columns: partlyUnread, description: note({ key: 'r', retired: true }) }),
      column('r__v2', 'JSON', { description: note({ key: 'r' }) }),
    );

    expect(refitted({ r: { raw: 'YWJj', k: 7, a: 1 }, _overflow: null }, schema)).toEqual({
      r: { raw: 'YWJj', k: 7 },
      r__v2: '{"a":1}',
      _overflow: null,
    });
  });
});

const options = propertyOptions();

describe(`laws of refit (seed ${options.seed}, ${options.numRuns} runs)`, () => {
  const anyTable = fc.oneof(
    handMadeSchema,
    fc.array(eventText, { maxLength: 2 }).map((texts) => learn(table(), texts)),
  );
  const check = (predicate: (schema: TableSchema, text: string, others: string[]) => void): void => {
    fc.assert(fc.property(anyTable, eventText, fc.array(eventText, { maxLength: 2 }), predicate), options);
  };

  it('loses no leaf', () => {
    check((before, text, others) => {
      const row = stored(text, before);
      const after = settle(before, [text, ...others]);

      expect(leaves(refitted(row, after), after)).toEqual(leaves(row, after));
    });
  });

  it('is idempotent', () => {
    check((before, text, others) => {
      const after = settle(before, [...others, text]);
      const once = refitted(stored(text, before), after);

      expect(refit(once, compileSchema(after)).kind).toBe('unchanged');
    });
  });

  it('leaves nothing waiting whose column is there', () => {
    check((before, text, others) => {
      const after = settle(before, [text, ...others]);

      expect(refitted(stored(text, before), after)['_overflow'] ?? '').not.toContain('"AWAITING_COLUMN"');
    });
  });

  it('gives the leaves the places that fitting the event gives them', () => {
    check((before, text, others) => {
      const after = settle(before, [text, ...others]);
      const places = (row: StoredRow): Map<string, unknown> =>
        new Map(explain(row, after).map(({ pointer, column: path, reason }) => [pointer, { path, reason }]));

      expect(places(refitted(stored(text, before), after))).toEqual(places(stored(text, after)));
    });
  });
});
