import { describe, expect, it } from '@jest/globals';
import { gzipSync } from 'node:zlib';
import { buildRow } from './fit/build-row.js';
import {
  PIPELINE_COLUMNS,
  type Column,
  type ColumnMode,
  type ColumnType,
  type TableSchema,
} from './schema/column.js';
import { compileSchema } from './schema/compile-schema.js';
import {
  canonicalChange,
  canonicalColumns,
  canonicalJson,
  canonicalRow,
  sortChanges,
} from './contract-values.builder.js';
import {
  expandText,
  loadSuites,
  toColumns,
  toSchema,
  type Text,
  type Vector,
  type VectorColumns,
  type VectorSchema,
} from './contract-vectors.builder.js';
import { decodeEvent, type DecodeOptions } from './decode/decode-event.js';
import {
  parseEventTypeSources,
  type EventTypeSource,
  type EventTypeSources,
} from './decode/event-type-sources.js';
import type { DecodedEvent } from './decode/decoded-event.js';
import { explain, type ExplainedLeaf } from './fit/explain.js';
import { fit, type Fitted } from './fit/fit.js';
import { leavesOf } from './fit/leaves.js';
import { overflowText, type Overflow } from './fit/overflow.js';
import { plan } from './plan/plan.js';
import { routeEventType } from './schema/route-event-type.js';
import { numberText } from './values/decimal.js';
import { sha256Hex } from './values/sha256.js';

const MESSAGE = { messageId: 'm-1', publishTime: '2024-01-15T10:30:00Z' };
const INGEST_TIME = '2024-01-15T10:30:01Z';
const ATTRIBUTES = { event_type: 't' };
const EMPTY_SCHEMA = compileSchema({ columns: PIPELINE_COLUMNS, closed: false });

function decode(
  text: Text,
  attributes: Record<string, string> = ATTRIBUTES,
  options: DecodeOptions = {},
): DecodedEvent {
  const decoded = decodeEvent({ data: Buffer.from(expandText(text)), attributes }, options);
  if (decoded.kind === 'rejected') throw new Error(`rejected as ${decoded.code}`);
  return decoded.event;
}

function ownColumns(schema: TableSchema): readonly Column[] {
  return schema.columns.slice(PIPELINE_COLUMNS.length);
}

/** The checks that hold whatever the case: planning settles the event, and row and overflow rebuild it. */
function checkPromises(schema: TableSchema, event: DecodedEvent): void {
  const fitted = fit(event, compileSchema(schema));
  const planned = plan(schema, [fitted.pending]);
  const settled = fit(event, compileSchema(planned.schema));
  expect(settled.pending).toEqual([]);

  const late = fit(event, compileSchema(schema), { pending: 'overflow' });
  if (settled.isTruncated || late.isTruncated) return;
  expectSameLeaves(event, rebuilt(event, settled, planned.schema));
  expectSameLeaves(event, rebuilt(event, late, schema));
}

/** A number in a STRING column that takes numbers as text comes back as its text. */
function expectSameLeaves(event: DecodedEvent, rebuiltLeaves: Map<string, unknown>): void {
  const { root, text } = event.exact();
  const wanted = leavesOf(root, text).map(({ pointer, json }): [string, unknown] => {
    const isText = typeof rebuiltLeaves.get(pointer) === 'string' && /^[-0-9]/.test(json);
    return [pointer, isText ? numberText(json) : canonicalLeaf(json)];
  });
  expect(rebuiltLeaves).toEqual(new Map(wanted));
}

/** Date-times are compared by their moment: zeros after the sixth fraction digit are nothing. */
function canonicalLeaf(json: string): unknown {
  const short = json.replace(/^("\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6})0+(?="$|Z|[+-])/, '$1');
  return canonicalJson(short);
}

function rebuilt(event: DecodedEvent, fitted: Fitted, schema: TableSchema): Map<string, unknown> {
  return new Map(
    explainAll(event, fitted, schema).map(({ pointer, json }) => [pointer, canonicalLeaf(json)]),
  );
}

function explainAll(event: DecodedEvent, fitted: Fitted, schema: TableSchema): readonly ExplainedLeaf[] {
  const row = { ...fitted.row, _overflow: fitted.overflow === null ? null : overflowText(fitted.overflow) };
  const keys = leavesOf(event.exact().root, event.text).flatMap(({ pointer }) =>
    pointer.split('/').map(unescape),
  );
  const keysBySha256 = new Map([...new Set(keys)].map((key) => [sha256Hex(key), key]));
  return explain(row, schema, { keysBySha256 });
}

function unescape(step: string): string {
  return step.replaceAll('~1', '/').replaceAll('~0', '~');
}

function canonicalOverflow(overflow: Overflow | null): unknown {
  const entries = (overflow?.entries ?? []).map(({ pointer, reason, value, literal }): [string, unknown] => [
    `at ${pointer}`,
    value === null ? { reason, literal } : { reason, value: canonicalJson(value) },
  ]);
  return Object.fromEntries(entries);
}

interface ExpectedOverflow {
  readonly [pointer: string]: { readonly reason: string; readonly value?: string; readonly literal?: string };
}

function expectedOverflow(overflow: ExpectedOverflow | undefined): unknown {
  const entries = Object.entries(overflow ?? {}).map(
    ([pointer, { reason, value, literal }]): [string, unknown] => [
      `at ${pointer}`,
      value === undefined ? { reason, literal } : { reason, value: canonicalJson(value) },
    ],
  );
  return Object.fromEntries(entries);
}

type ExpectedChange = Record<string, unknown> & {
  readonly kind: string;
  readonly columns?: readonly VectorColumns[];
};

function expectedChanges(changes: readonly ExpectedChange[]): Record<string, unknown>[] {
  return sortChanges(
    changes.map((change) => {
      if (change.kind !== 'ADD_COLUMN') return change;
      const columns =
        change.columns === undefined ? {} : { columns: canonicalColumns(toColumns(change.columns), true) };
      return { description: '', ...change, ...columns };
    }),
  );
}

type Check = (vector: Vector) => void;

const checkDecode: Check = (vector) => {
  const { data, dataHex, gzip, attributes, eventTypeFrom } = vector as unknown as {
    data?: Text;
    dataHex?: string;
    gzip?: boolean;
    attributes?: Record<string, string>;
    eventTypeFrom?: string;
  };
  const wanted = vector.expect as {
    rejected?: string;
    eventType?: string;
    attributes?: string;
    event?: Text;
  };
  const bytes = dataHex === undefined ? Buffer.from(expandText(data ?? '')) : Buffer.from(dataHex, 'hex');
  const source = { data: gzip === true ? gzipSync(bytes) : bytes, attributes: attributes ?? {} };
  const sources = eventTypeFrom === undefined ? {} : { eventTypeFrom: sourcesOf(eventTypeFrom) };

  const decoded = decodeEvent(source, sources);
  // A schema that is known when the event is decoded changes no result.
  const hinted = decodeEvent(source, { ...sources, schemaOf: () => EMPTY_SCHEMA });
  expect(hinted.kind === 'rejected' ? hinted.code : hinted.event.eventType).toBe(
    decoded.kind === 'rejected' ? decoded.code : decoded.event.eventType,
  );

  if (decoded.kind === 'rejected') {
    expect({ rejected: decoded.code }).toEqual({ rejected: wanted.rejected });
    return;
  }
  const { event } = decoded;
  expect(event.eventType).toBe(wanted.eventType);
  if (wanted.attributes !== undefined) {
    expect(canonicalJson(event.attributesText)).toEqual(canonicalJson(wanted.attributes));
  }
  if (wanted.event !== undefined) {
    const { root, text } = event.exact();
    const eventText = root.end === 0 ? '{}' : text.slice(root.start, root.end);
    expect(canonicalJson(eventText)).toEqual(canonicalJson(expandText(wanted.event)));
  }
};

function sourcesOf(setting: string): EventTypeSources {
  const parsed = parseEventTypeSources(setting);
  if (parsed.kind === 'invalid') throw new Error(parsed.problem);
  return parsed.sources;
}

const checkSources: Check = (vector) => {
  const parsed = parseEventTypeSources(vector['setting'] as string);
  const sources = parsed.kind === 'invalid' ? null : parsed.sources.map(canonicalSource);

  expect(sources === null ? 'invalid' : { sources }).toEqual(vector.expect);
};

function canonicalSource(source: EventTypeSource): Record<string, unknown> {
  switch (source.kind) {
    case 'field':
      return { field: source.path };
    case 'attribute':
      return { attribute: source.name };
    case 'cloudevent':
      return { cloudevent: true };
    case 'constant':
      return { constant: source.eventType };
  }
}

const checkRoute: Check = (vector) => {
  const { eventType, routes } = vector as unknown as { eventType: string; routes?: Record<string, string> };

  expect(routeEventType(eventType, routes)).toBe(vector.expect);
};

const checkType: Check = (vector) => {
  const { values, overflow } = vector as unknown as { values: Text[]; overflow?: ExpectedOverflow };
  const empty = toSchema(undefined);
  const events = values.map((value) => decode(`{"v":${expandText(value)}}`));
  const wanted = vector.expect as { type: ColumnType; mode?: ColumnMode; columns?: VectorColumns[] } | null;
  const wantedColumns = wanted === null ? [] : [{ name: 'v', ...wanted }];

  for (const ordered of [events, events.toReversed()]) {
    const planned = plan(
      empty,
      ordered.map((event) => fit(event, compileSchema(empty)).pending),
    );
    expect(canonicalColumns(ownColumns(planned.schema), false)).toEqual(
      canonicalColumns(toColumns(wantedColumns), false),
    );
  }
  for (const event of events) checkPromises(empty, event);
  if (overflow !== undefined && events[0] !== undefined) {
    expect(canonicalOverflow(fit(events[0], compileSchema(empty)).overflow)).toEqual(
      expectedOverflow(overflow),
    );
  }
};

const checkNames: Check = (vector) => {
  const { schema, event: text } = vector as unknown as { schema?: VectorSchema; event: Text };
  const before = toSchema(schema);
  const event = decode(text);
  const planned = plan(before, [fit(event, compileSchema(before)).pending]);
  const names = Object.entries(vector.expect as Record<string, { name: string; description?: string }>);

  const compiled = compileSchema(planned.schema);
  for (const [key, { name, description }] of names) {
    const column = compiled.root.byKey.get(key) ?? compiled.root.byKeySha256?.get(sha256Hex(key));
    const described = planned.schema.columns.find(
      (candidate) => candidate.name === column?.name,
    )?.description;
    expect({ key, name: column?.name, description: described ?? '' }).toEqual({
      key,
      name,
      description: description ?? '',
    });
  }
  checkPromises(before, event);
};

const checkFit: Check = (vector) => {
  const {
    schema: given,
    event: text,
    wait,
  } = vector as unknown as { schema: VectorSchema; event: Text; wait?: string };
  const wanted = vector.expect as {
    row?: Record<string, unknown>;
    overflow?: ExpectedOverflow;
    pending?: ExpectedChange[];
  };
  const schema = toSchema(given);
  const compiled = compileSchema(schema);

  // However the bytes are read, with the known schema or without, the outcome is the one the vector states.
  for (const options of [{}, { schemaOf: () => compiled }]) {
    const fitted = fit(decode(text, undefined, options), compiled, {
      pending: wait === 'over' ? 'overflow' : 'list',
    });

    if (wanted.row !== undefined) {
      expect(canonicalRow(fitted.row, schema.columns)).toEqual(canonicalRow(wanted.row, schema.columns));
    }
    if (wanted.overflow !== undefined) {
      expect(canonicalOverflow(fitted.overflow)).toEqual(expectedOverflow(wanted.overflow));
    }
    if (wanted.pending !== undefined) {
      const { changes } = plan(schema, [fitted.pending]);
      expect(sortChanges(changes.map(canonicalChange))).toEqual(expectedChanges(wanted.pending));
    }
  }
  checkPromises(schema, decode(text));
};

const checkPlan: Check = (vector) => {
  const { schema: given, events: texts } = vector as unknown as { schema: VectorSchema; events: Text[] };
  const wanted = vector.expect as {
    changes?: ExpectedChange[];
    columns?: VectorColumns[];
    closed?: boolean;
    types?: { path: string[]; type: string; mode: string }[];
  };
  const schema = toSchema(given);
  const events = texts.map((text) => decode(text));

  const planned = plan(
    schema,
    events.map((event) => fit(event, compileSchema(schema)).pending),
  );

  if (wanted.changes !== undefined) {
    expect(sortChanges(planned.changes.map(canonicalChange))).toEqual(expectedChanges(wanted.changes));
  }
  const vias = planned.changes.map((change) => change.via);
  expect(vias).toEqual([...vias.filter((via) => via === 'patch'), ...vias.filter((via) => via === 'ddl')]);
  if (wanted.columns !== undefined) {
    expect(canonicalColumns(ownColumns(planned.schema), true)).toEqual(
      canonicalColumns(toColumns(wanted.columns), true),
    );
  }
  if (wanted.closed !== undefined) expect(planned.schema.closed).toBe(wanted.closed);
  for (const { path, type, mode } of wanted.types ?? []) {
    const column = columnAt(planned.schema.columns, path);
    expect({ path, type: column?.type, mode: column?.mode }).toEqual({ path, type, mode });
  }
  for (const event of events) {
    expect(fit(event, compileSchema(planned.schema)).pending).toEqual([]);
    checkPromises(schema, event);
  }
};

function columnAt(columns: readonly Column[], path: readonly string[]): Column | undefined {
  const column = columns.find((candidate) => candidate.name === path[0]);
  return path.length <= 1 || column === undefined ? column : columnAt(column.columns ?? [], path.slice(1));
}

const checkRebuild: Check = (vector) => {
  const { schema: given, event: text } = vector as unknown as { schema: VectorSchema; event: Text };
  const schema = toSchema(given);
  const event = decode(text);
  const wanted = Object.entries(vector.expect as Record<string, string>);

  const fitted = fit(event, compileSchema(schema), { pending: 'overflow' });

  expect(rebuilt(event, fitted, schema)).toEqual(
    new Map(wanted.map(([at, json]) => [at, canonicalJson(json)])),
  );
  checkPromises(schema, event);
};

const checkRow: Check = (vector) => {
  const {
    schema: given,
    event: text,
    attributes,
    message,
    ingestTime,
  } = vector as unknown as {
    schema: VectorSchema;
    event: Text;
    attributes?: Record<string, string>;
    message?: typeof MESSAGE;
    ingestTime?: string;
  };
  const wanted = vector.expect as {
    row?: Record<string, unknown>;
    bytes?: number;
    rejected?: string;
    accepted?: true;
  };
  const schema = toSchema(given);
  const event = decode(text, attributes);
  const fitted = fit(event, compileSchema(schema), { pending: 'overflow' });

  const built = buildRow(message ?? MESSAGE, event, fitted, ingestTime ?? INGEST_TIME);

  expect(built.kind === 'rejected' ? built.code : 'accepted').toBe(wanted.rejected ?? 'accepted');
  if (built.kind === 'rejected') return;
  if (wanted.bytes !== undefined) expect(built.bytes).toBe(wanted.bytes);
  if (wanted.row !== undefined) {
    expect(canonicalRow(built.row, schema.columns)).toEqual(canonicalRow(wanted.row, schema.columns));
  }
};

const CHECKS: Readonly<Record<string, Check>> = {
  decode: checkDecode,
  sources: checkSources,
  route: checkRoute,
  type: checkType,
  names: checkNames,
  fit: checkFit,
  plan: checkPlan,
  rebuild: checkRebuild,
  row: checkRow,
};

describe.each(loadSuites())('contract $suite', ({ cases }) => {
  it.each(cases)('$name', (vector) => {
    const check = CHECKS[vector.kind];
    if (check === undefined) throw new Error(`unknown kind ${vector.kind}`);

    check(vector);
  });
});
