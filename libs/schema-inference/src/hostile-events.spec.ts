import { describe, expect, it } from '@jest/globals';
import { buildRow } from './fit/build-row.js';
import { PIPELINE_COLUMNS, type TableSchema } from './schema/column.js';
import { compileSchema, countLeaves } from './schema/compile-schema.js';
import { decodeEvent } from './decode/decode-event.js';
import { fit } from './fit/fit.js';
import { plan } from './plan/plan.js';

const EMPTY: TableSchema = { columns: PIPELINE_COLUMNS, closed: false };
const MEGABYTE = 1_000_000;

function settle(
  text: string,
  before: TableSchema = EMPTY,
): { kind: string; code: string | null; columns: number } {
  const decoded = decodeEvent({ data: Buffer.from(text), attributes: { event_type: 't' } });
  if (decoded.kind === 'rejected') return { kind: 'rejected', code: decoded.code, columns: 0 };
  const { pending } = fit(decoded.event, compileSchema(before));
  const { schema } = plan(before, [pending]);
  const fitted = fit(decoded.event, compileSchema(schema), { pending: 'overflow' });
  const built = buildRow(
    { messageId: '1', publishTime: '2024-01-15T10:30:00Z' },
    decoded.event,
    fitted,
    '2024-01-15T10:30:01Z',
  );
  const columns = schema.columns.length - PIPELINE_COLUMNS.length;
  return { kind: built.kind, code: built.kind === 'rejected' ? built.code : null, columns };
}

describe('hostile events', () => {
  it.each([
    ['a string of 9 MB', `{"a":"${'x'.repeat(9 * MEGABYTE)}"}`, { kind: 'row', code: null, columns: 1 }],
    [
      'a string of 10 MB',
      `{"a":"${'x'.repeat(10 * MEGABYTE)}"}`,
      { kind: 'rejected', code: 'TOO_LARGE', columns: 1 },
    ],
    ['a key of 2 MB', `{"${'k'.repeat(2 * MEGABYTE)}":1}`, { kind: 'row', code: null, columns: 1 }],
    ['5 MB of digits', `{"a":${'9'.repeat(5 * MEGABYTE)}}`, { kind: 'row', code: null, columns: 0 }],
    ['an exponent of 1 MB', `{"a":1e${'9'.repeat(MEGABYTE)}}`, { kind: 'row', code: null, columns: 0 }],
    ['5 million backslashes', `{"a":"${'\\\\'.repeat(2_500_000)}"}`, { kind: 'row', code: null, columns: 1 }],
    ['a million brackets', '['.repeat(MEGABYTE), { kind: 'rejected', code: 'TOO_DEEP', columns: 0 }],
    ['100 levels', `${'{"a":'.repeat(99)}{"b":1}${'}'.repeat(99)}`, { kind: 'row', code: null, columns: 1 }],
    [
      '101 levels',
      `${'{"a":'.repeat(100)}{}${'}'.repeat(100)}`,
      { kind: 'rejected', code: 'TOO_DEEP', columns: 0 },
    ],
    [
      '80,000 records with a new field each in a new record',
      `{"a":[${Array.from({ length: 80_000 }, (_, index) => `{"b":{"k${index}":0}}`).join(',')}]}`,
      { kind: 'row', code: null, columns: 1 },
    ],
    [
      '5 MB of records, a million of them',
      `{"a":[${'{},'.repeat(MEGABYTE)}{}]}`,
      { kind: 'rejected', code: 'TOO_LARGE', columns: 0 },
    ],
    [
      '9 MB of records that fit',
      `{"a":[${'{"x":1},'.repeat(MEGABYTE)}{"x":1}]}`,
      { kind: 'rejected', code: 'TOO_LARGE', columns: 0 },
    ],
  ])('%s', (_name, text, outcome) => {
    expect(settle(text)).toEqual(outcome);
  });

  it('100,000 keys at the root are 1,000 columns, and the rest overflows', () => {
    const members = Array.from({ length: 100_000 }, (_, index) => `"k${index}":${index}`);

    expect(settle(`{${members.join(',')}}`)).toEqual({ kind: 'row', code: null, columns: 1_000 });
  });

  it('100,000 keys in an object are one JSON column', () => {
    const members = Array.from({ length: 100_000 }, (_, index) => `"k${index}":${index}`);

    expect(settle(`{"a":{${members.join(',')}}}`)).toEqual({ kind: 'row', code: null, columns: 1 });
  });

  it('100,000 keys in objects of 300 in an object are 1,000 leaf columns, and the rest overflows', () => {
    const text = objectsOf300(100_000);

    expect(countLeaves(learn(text).schema.columns) - PIPELINE_COLUMNS.length).toBe(1_000);
    expect(settle(text)).toEqual({ kind: 'row', code: null, columns: 1 });
  });

  it('events of the same 6,000 nested keys do not close their table', () => {
    const decoded = decodeEvent({ data: Buffer.from(objectsOf300(6_000)), attributes: { event_type: 't' } });
    if (decoded.kind === 'rejected') throw new Error(decoded.code);
    const { schema } = plan(EMPTY, [fit(decoded.event, compileSchema(EMPTY)).pending]);

    expect(schema.closed).toBe(false);
    expect(fit(decoded.event, compileSchema(schema)).pending).toEqual([]);
  });

  it('100,000 conflicts under a long key are refused before their pointers fill the memory', () => {
    const key = 'k'.repeat(10_000);
    const first = `{"${key}":[{"a":1}]}`;
    const { schema } = learn(first);
    const elements = Array.from({ length: 100_000 }, () => '{"a":"x"}');

    expect(settle(`{"${key}":[${elements.join(',')}]}`, schema)).toEqual({
      kind: 'rejected',
      code: 'TOO_LARGE',
      columns: 1,
    });
  });
});

function objectsOf300(keys: number): string {
  const objects = Array.from({ length: Math.ceil(keys / 300) }, (_, object) => {
    const members = Array.from(
      { length: Math.min(300, keys - object * 300) },
      (_, key) => `"k${key}":${key}`,
    );
    return `"o${object}":{${members.join(',')}}`;
  });
  const groups = Array.from({ length: Math.ceil(objects.length / 300) }, (_, group) => {
    return `"g${group}":{${objects.slice(group * 300, (group + 1) * 300).join(',')}}`;
  });
  return `{"a":{${groups.join(',')}}}`;
}

function learn(text: string): ReturnType<typeof plan> {
  const decoded = decodeEvent({ data: Buffer.from(text), attributes: { event_type: 't' } });
  if (decoded.kind === 'rejected') throw new Error(decoded.code);
  return plan(EMPTY, [fit(decoded.event, compileSchema(EMPTY)).pending]);
}

describe('limits', () => {
  it('warns as a table fills up', () => {
    const compiled = compileSchema(EMPTY, { maxLeafColumns: 20 });
    const percents = [2, 4, 10, 12].map((count) => {
      const members = Array.from({ length: count }, (_, index) => `"k${index}":1`);
      const decoded = decodeEvent({
        data: Buffer.from(`{${members.join(',')}}`),
        attributes: { event_type: 't' },
      });
      if (decoded.kind === 'rejected') throw new Error(decoded.code);
      return plan(EMPTY, [fit(decoded.event, compiled).pending], { maxLeafColumns: 20 }).warnings[0]?.percent;
    });

    expect(percents).toEqual([undefined, 50, 80, 95]);
  });
});
