import { describe, expect, it } from '@jest/globals';
import {
  compileSchema,
  decodeEvent,
  fit,
  plan,
  PIPELINE_COLUMNS,
  type Column,
  type TableSchema,
} from '@pipeline/schema-inference';
import type { Claim } from './claims.js';
import { readOrigins } from './origin.js';
import { annotatePlan, type AnnotatedPlan } from './annotate-plan.js';

const NOW = Date.parse('2026-11-23T02:00:00.123Z');

function claim(schema: TableSchema, messageId: string, fields: object): Claim {
  const data = Buffer.from(JSON.stringify({ event_type: 't', ...fields }));
  const decoded = decodeEvent({ data, attributes: {} });
  if (decoded.kind === 'rejected') {
    throw new Error(decoded.detail);
  }
  return { messageId, pending: fit(decoded.event, compileSchema(schema)).pending };
}

function annotate(
  columns: readonly Column[],
  events: Readonly<Record<string, object>>,
  limits = {},
): AnnotatedPlan {
  const eventType: Column = { name: 'event_type', type: 'STRING', mode: 'NULLABLE' };
  const schema = { columns: [...PIPELINE_COLUMNS, eventType, ...columns], closed: false };
  const claims = Object.entries(events).map(([messageId, fields]) => claim(schema, messageId, fields));
  const planned = plan(
    schema,
    claims.map(({ pending }) => pending),
    limits,
  );
  return annotatePlan(schema, planned.schema, claims, NOW);
}

function lines({ patched, widened }: AnnotatedPlan): readonly string[] {
  return [...patched, ...widened].map(({ kind, path, fromType, toType, messageId, sample }) =>
    [kind, path, fromType, toType, messageId, JSON.stringify(sample)].join(' '),
  );
}

describe('annotatePlan', () => {
  it('names for each column the first message that brought it', () => {
    const annotated = annotate([], { m1: { a: 1 }, m2: { a: 2, b: 'x' }, m3: { b: 'y' } });

    expect(lines(annotated)).toEqual(['ADD_COLUMN a  INT64 m1 "INT64"', 'ADD_COLUMN b  STRING m2 "STRING"']);
    expect(readOrigins(annotated.schema.columns.at(-1)?.description)).toEqual([
      { event: 'added', atMs: NOW, messageId: 'm2' },
    ]);
  });

  it('records each field of a new record, with the shape of its value but not the value', () => {
    const annotated = annotate([], {
      m1: { 'order-lines': [{ sku: 'secret' }] },
      m2: { 'order-lines': [{ n: 1 }] },
    });

    expect(lines(annotated)).toEqual([
      'ADD_COLUMN order_lines  ARRAY<STRUCT> m1 [{"sku":"STRING"}]',
      'ADD_COLUMN order_lines.sku  STRING m1 "STRING"',
      'ADD_COLUMN order_lines.n  INT64 m2 "INT64"',
    ]);
    expect(annotated.schema.columns.at(-1)?.description).toMatch(
      /message m1.*\npipeline:\{"key":"order-lines"\}$/,
    );
  });

  it('announces a widening before it is made, once', () => {
    const first = annotate([{ name: 'n', type: 'INT64', mode: 'NULLABLE' }], { m1: { n: 1.5 } });
    const announced = { ...(first.schema.columns.at(-1) as Column), type: 'INT64' } as const;
    const second = annotate([announced], { m9: { n: 2.5 } });

    expect(lines(first)).toEqual(['WIDEN_COLUMN n INT64 NUMERIC m1 null']);
    expect([first.announces, second.announces]).toEqual([true, false]);
    expect(second.widened).toEqual(first.widened);
  });

  it('records the message that a column was relaxed for', () => {
    const annotated = annotate([{ name: 'r', type: 'STRING', mode: 'REQUIRED' }], { m1: {} });

    expect(lines(annotated)).toEqual(['RELAX_COLUMN r STRING NOT NULL STRING m1 null']);
  });

  it('records the message that filled a record, and the one that filled the table', () => {
    const record: Column = {
      name: 'r',
      type: 'RECORD',
      mode: 'NULLABLE',
      columns: [{ name: 'a', type: 'INT64', mode: 'NULLABLE' }],
    };
    const annotated = annotate(
      [record],
      { m1: { r: { b: 1 } }, m2: { r: { c: 1 } } },
      { maxRecordChildren: 3 },
    );
    const full = annotate([], { m1: { a: 1 }, m2: { b: 1 } }, { maxLeafColumns: 9 });

    expect(lines(annotated).at(-1)).toBe('CLOSE_RECORD r   m2 null');
    expect(lines(full).at(-1)).toBe('CLOSE_TABLE    m2 null');
  });
});
