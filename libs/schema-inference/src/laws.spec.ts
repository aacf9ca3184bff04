import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { PIPELINE_COLUMNS, type TableSchema } from './schema/column.js';
import { compileSchema, countLeaves } from './schema/compile-schema.js';
import { canonicalColumns, canonicalJson, canonicalRow } from './contract-values.builder.js';
import { decodeEvent, type DecodeOptions } from './decode/decode-event.js';
import type { DecodedEvent } from './decode/decoded-event.js';
import { buildRow } from './fit/build-row.js';
import { explain } from './fit/explain.js';
import { fit, type Fitted } from './fit/fit.js';
import { fitTree } from './fit/fit-tree.js';
import { inferShape } from './fit/infer-shape.js';
import { leavesOf } from './fit/leaves.js';
import { DEFAULT_LIMITS } from './schema/limits.js';
import {
  anyValueText,
  calmEventText,
  eventText,
  handMadeSchema,
  propertyOptions,
} from './nasty-events.builder.js';
import { overflowText } from './fit/overflow.js';
import { PendingJoin } from './plan/pending-join.js';
import { planBatch } from './plan/plan-batch.js';
import { plan } from './plan/plan.js';
import { readJsonTree } from './values/read-json-tree.js';
import { joinShapes, type Shape } from './schema/shape.js';

const options = propertyOptions();
/** As many as an event of the generator has levels. */
const MAX_ROUNDS = 5;
const EMPTY: TableSchema = { columns: PIPELINE_COLUMNS, closed: false };

function decode(text: string, decodeOptions: DecodeOptions = {}): DecodedEvent {
  const decoded = decodeEvent({ data: Buffer.from(text), attributes: { event_type: 't' } }, decodeOptions);
  if (decoded.kind === 'rejected') throw new Error(`${decoded.code}: ${text}`);
  return decoded.event;
}

/** The schema of a table after some events were planned together. */
function learn(schema: TableSchema, texts: readonly string[]): TableSchema {
  const compiled = compileSchema(schema);
  return plan(
    schema,
    texts.map((text) => fit(decode(text), compiled).pending),
  ).schema;
}

const anySchema = fc.oneof(
  handMadeSchema,
  fc.array(eventText, { maxLength: 3 }).map((texts) => learn(EMPTY, texts)),
  fc
    .tuple(handMadeSchema, fc.array(eventText, { maxLength: 3 }))
    .map(([schema, texts]) => learn(schema, texts)),
);

const anyShape = anyValueText
  .map((text) => inferShape(readJsonTree(text).root, 1, DEFAULT_LIMITS))
  .filter((shape): shape is Shape => shape !== null);

/** A shape in which the order of a record's keys is nothing. */
function unordered(shape: Shape): unknown {
  if (shape.type !== 'RECORD') return shape;
  const fields = new Map([...shape.fields].map(([key, field]) => [key, unordered(field)]));
  return { type: shape.type, repeated: shape.repeated, fields };
}

function leaves(event: DecodedEvent): Map<string, unknown> {
  const { root, text } = event.exact();
  return new Map(leavesOf(root, text).map(({ pointer, json }) => [pointer, canonicalJson(json)]));
}

function rebuild(fitted: Fitted, schema: TableSchema): Map<string, unknown> {
  const row = { ...fitted.row, _overflow: fitted.overflow === null ? null : overflowText(fitted.overflow) };
  return new Map(explain(row, schema).map(({ pointer, json }) => [pointer, canonicalJson(json)]));
}

function check<T extends unknown[]>(
  arbitraries: { [K in keyof T]: fc.Arbitrary<T[K]> },
  predicate: (...values: T) => void,
): void {
  const run = (values: T): void => {
    predicate(...values);
  };
  fc.assert(fc.property(fc.tuple<T>(...arbitraries), run), options);
}

describe(`laws of the lattice (seed ${options.seed}, ${options.numRuns} runs)`, () => {
  it('join is idempotent', () => {
    check([anyShape], (shape) => {
      expect(unordered(joinShapes(shape, { ...shape }))).toEqual(unordered(shape));
    });
  });

  it('join is commutative up to the order of keys', () => {
    check([anyShape, anyShape], (left, right) => {
      expect(unordered(joinShapes(left, right))).toEqual(unordered(joinShapes(right, left)));
    });
  });

  it('join is associative', () => {
    check([anyShape, anyShape, anyShape], (a, b, c) => {
      expect(unordered(joinShapes(joinShapes(a, b), c))).toEqual(unordered(joinShapes(a, joinShapes(b, c))));
    });
  });

  it('join is monotone: what is joined already changes nothing', () => {
    check([anyShape, anyShape], (left, right) => {
      const joined = joinShapes(left, right);

      expect(unordered(joinShapes(joined, right))).toEqual(unordered(joined));
    });
  });

  it('a plan does not depend on the order of events but for the order of columns', () => {
    check([fc.array(calmEventText, { maxLength: 4 })], (texts) => {
      const forward = canonicalColumns(learn(EMPTY, texts).columns, false);

      expect(canonicalColumns(learn(EMPTY, texts.toReversed()).columns, false)).toEqual(forward);
    });
  });
});

describe(`laws of fit and plan (seed ${options.seed}, ${options.numRuns} runs)`, () => {
  it('after the plan of an event alone nothing of it is pending', () => {
    check([anySchema, eventText], (schema, text) => {
      expect(fit(decode(text), compileSchema(learn(schema, [text]))).pending).toEqual([]);
    });
  });

  // Mostly one round. A second one where JSON cannot hold an object whose keys are data: it asks for nothing, until the
  // plan of another event has made a RECORD of its key.
  it('planning a batch in rounds settles it', () => {
    check([anySchema, fc.array(eventText, { maxLength: 4 })], (schema, texts) => {
      let settled = schema;
      for (let round = 0; round < MAX_ROUNDS; round++) settled = learn(settled, texts);

      expect(texts.flatMap((text) => fit(decode(text), compileSchema(settled)).pending)).toEqual([]);
    });
  });

  it('one event adds as many leaf columns as it may, and asks for no more after its plan', () => {
    check([eventText, fc.integer({ min: 1, max: 6 })], (text, maxNewColumns) => {
      const pendingOf = (schema: TableSchema): Fitted['pending'] =>
        fit(decode(text), compileSchema(schema, { maxNewColumns })).pending;
      const { schema } = plan(EMPTY, [pendingOf(EMPTY)]);
      const possible = countLeaves(learn(EMPTY, [text]).columns) - PIPELINE_COLUMNS.length;

      expect(countLeaves(schema.columns) - PIPELINE_COLUMNS.length).toBe(Math.min(possible, maxNewColumns));
      expect(pendingOf(schema)).toEqual([]);
    });
  });

  it('limits on the columns of one event settle in rounds', () => {
    check([anySchema, fc.array(eventText, { maxLength: 4 })], (schema, texts) => {
      const limits = { maxNewColumns: 3 };
      const pendingOf = (table: TableSchema): Fitted['pending'][] =>
        texts.map((text) => fit(decode(text), compileSchema(table, limits)).pending);
      let settled = schema;
      for (let round = 0; round < MAX_ROUNDS; round++) settled = plan(settled, pendingOf(settled)).schema;

      expect(pendingOf(settled).flat()).toEqual([]);
    });
  });

  it('the plan of a batch is the plan of its events fitted one by one', () => {
    check(
      [anySchema, fc.array(eventText, { maxLength: 5 }), fc.integer({ min: 1, max: 3 })],
      (schema, texts, times) => {
        const typed = texts.map((text) => `{"event_type":"t"${text === '{}' ? '}' : `,${text.slice(1)}`}`);
        const batch = Array.from({ length: times }, () => typed).flat();
        const messages = batch.map((text) => ({ data: Buffer.from(text), attributes: {} }));

        expect(planBatch(schema, messages)).toMatchObject({
          plan: { schema: learn(schema, batch) },
          rejections: [],
        });
      },
    );
  });

  it('a joined list of what events wait for is planned as all of them are, within limits too', () => {
    const tight = fc.record({
      maxLeafColumns: fc.integer({ min: 7, max: 30 }),
      maxRecordChildren: fc.integer({ min: 1, max: 4 }),
    });
    const anyLimits = fc.oneof(fc.constant({}), tight);
    check([anySchema, fc.array(eventText, { maxLength: 6 }), anyLimits], (schema, texts, limits) => {
      const compiled = compileSchema(schema, limits);
      const pending = texts.map((text) => fit(decode(text), compiled).pending);
      const join = new PendingJoin({ ...DEFAULT_LIMITS, ...limits });
      for (const changes of pending) join.add(changes);

      expect(plan(schema, [join.changes()], limits)).toEqual(plan(schema, pending, limits));
    });
  });

  it('a plan asks for nothing twice', () => {
    check([anySchema, fc.array(eventText, { maxLength: 3 })], (schema, texts) => {
      const compiled = compileSchema(schema);
      const pending = texts.map((text) => fit(decode(text), compiled).pending);
      const { schema: after } = plan(schema, pending);

      expect(plan(after, pending).changes.filter((change) => change.kind !== 'ADD_COLUMN')).toEqual([]);
    });
  });

  it('what was in a column stays in a column whatever is learnt afterwards', () => {
    check([anySchema, eventText, fc.array(eventText, { maxLength: 3 })], (schema, text, others) => {
      const before = rebuild({ ...fit(decode(text), compileSchema(schema)), overflow: null }, schema);
      const after = learn(schema, others);
      const now = rebuild({ ...fit(decode(text), compileSchema(after)), overflow: null }, after);

      for (const [pointer, value] of before) expect([pointer, now.get(pointer)]).toEqual([pointer, value]);
    });
  });

  it('row and overflow rebuild every leaf, on time and after the wait', () => {
    check([anySchema, eventText], (schema, text) => {
      const event = decode(text);
      const late = fit(decode(text), compileSchema(schema), { pending: 'overflow' });
      const learnt = learn(schema, [text]);

      expect(rebuild(late, schema)).toEqual(leaves(event));
      expect(rebuild(fit(decode(text), compileSchema(learnt)), learnt)).toEqual(leaves(event));
    });
  });

  it('an overflow is cut short only if the row is too large', () => {
    check([anySchema, eventText, fc.integer({ min: 20, max: 400 })], (schema, text, maxRowBytes) => {
      const options = { pending: 'overflow' } as const;
      const whole = fit(decode(text), compileSchema(schema), options);
      const bounded = fit(decode(text), compileSchema(schema, { maxRowBytes }), options);
      const message = { messageId: '1', publishTime: '2024-01-15T10:30:00Z' };
      const built = buildRow(message, decode(text), whole, '2024-01-15T10:30:01Z', maxRowBytes);

      if (bounded.isTruncated) expect(built).toMatchObject({ code: 'TOO_LARGE' });
      else expect(bounded.overflow).toEqual(whole.overflow);
    });
  });

  it('a verdict has no entries, and reports what the overflow would hold', () => {
    check([anySchema, eventText], (schema, text) => {
      const compiled = compileSchema(schema);
      const reported: { pointer: string; reason: string }[] = [];
      const verdict = fit(decode(text), compiled, {
        verdictOnly: true,
        onOverflow: (reason, pointer) => reported.push({ pointer: pointer(), reason }),
      });
      const whole = fit(decode(text), compiled);

      expect(verdict).toMatchObject({ row: {}, overflow: null, pending: whole.pending });
      expect(reported).toEqual(
        (whole.overflow?.entries ?? []).map(({ pointer, reason }) => ({ pointer, reason })),
      );
    });
  });

  it('a row holds only values of its columns', () => {
    check([anySchema, eventText], (schema, text) => {
      const { row } = fit(decode(text), compileSchema(schema));

      expect(() => canonicalRow(row, schema.columns)).not.toThrow();
    });
  });

  it('bytes, the parsed value and the exact tree give one result', () => {
    check([anySchema, eventText, fc.boolean()], (before, rest, isTypeFirst) => {
      const text = isTypeFirst ? `{"event_type":"t"${rest === '{}' ? '}' : `,${rest.slice(1)}`}` : rest;
      const schema = learn(before, [text]);
      const compiled = compileSchema(schema);
      const other = compileSchema(before);
      const { root } = decode(text).exact();
      const exact = fitTree(root, text, compiled, {});

      for (const decodeOptions of [{}, { schemaOf: () => compiled }, { schemaOf: () => other }]) {
        const fitted = fit(decode(text, decodeOptions), compiled);
        expect(fitted.overflow?.entries ?? []).toEqual(exact.entries);
        expect(fitted.pending).toEqual(exact.pending.list());
        expect(significant(canonicalRow(fitted.row, schema.columns))).toEqual(
          significant(canonicalRow(exact.row, schema.columns)),
        );
      }
    });
  });
});

/** A row without members that say nothing: absent, null and empty are one. */
function significant(value: unknown): unknown {
  if (Array.isArray(value)) return value.map((element) => significant(element) ?? {});
  if (typeof value !== 'object' || value === null || value instanceof Map) return value;
  const entries = Object.entries(value)
    .map(([key, member]): [string, unknown] => [key, significant(member)])
    .filter(([, member]) => member !== undefined && member !== null);
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
}

describe(`laws of decoding (seed ${options.seed}, ${options.numRuns} runs)`, () => {
  it('no bytes make it throw', () => {
    check([fc.uint8Array({ maxLength: 60 })], (data) => {
      expect(() => decodeEvent({ data, attributes: {} })).not.toThrow();
    });
  });

  it('a key that comes twice in one object is found, whatever else the text holds', () => {
    check([eventText, anyValueText, anyValueText, fc.boolean()], (text, first, second, isNested) => {
      const twice = `"k":${first},"\\u006b":${second}`;
      const object = text === '{}' ? `{${twice}}` : `{${twice},${text.slice(1)}`;
      const data = Buffer.from(isNested ? `{"x":[${object}]}` : object);

      expect(decodeEvent({ data, attributes: { event_type: 't' } })).toMatchObject({ code: 'DUPLICATE_KEY' });
    });
  });

  it('equal keys whose spelling is as short as can be are found on the fast path', () => {
    check(
      [fc.integer(), fc.constantFrom('1000', '1e3', '0.5', '""', '1.0', '-0', '5000000')],
      (number, second) => {
        const data = Buffer.from(`{"a":${number},"b":${second},"a":${second}}`);

        expect(decodeEvent({ data, attributes: { event_type: 't' } })).toMatchObject({
          code: 'DUPLICATE_KEY',
        });
      },
    );
  });
});
