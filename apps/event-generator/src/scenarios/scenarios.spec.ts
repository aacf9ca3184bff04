import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import {
  buildRow,
  type Column,
  compileSchema,
  decodeEvent,
  fit,
  PIPELINE_COLUMNS,
  planBatch,
} from '@pipeline/schema-inference';
import type { HostileMessage } from './scenario.js';
import { SCENARIO_NAMES, type ScenarioName } from './scenario.js';
import { scenarioMessages } from './scenarios.js';

const COUNTS: Partial<Record<ScenarioName, number>> = { huge: 6 };

function make(name: ScenarioName, seed: number, from = 0, count = COUNTS[name] ?? 60): HostileMessage[] {
  return [...scenarioMessages({ name, seed, from, count })];
}

/** Bytes as their hash: comparing megabytes byte by byte takes minutes. */
function fingerprints(messages: readonly HostileMessage[]): unknown[] {
  return messages.map(({ data, ...rest }) => ({
    ...rest,
    sha256: createHash('sha256').update(data).digest('hex'),
  }));
}

/** The engine's outcome of a message: a row, or a code. */
function judge({ data, attributes }: HostileMessage): string {
  const decoded = decodeEvent({ data, attributes });
  if (decoded.kind === 'rejected') {
    return decoded.code;
  }
  const schema = { columns: PIPELINE_COLUMNS, closed: false };
  const fitted = fit(decoded.event, compileSchema(schema), { pending: 'overflow' });
  const built = buildRow(
    { messageId: '1', publishTime: '2026-01-01T00:00:00Z' },
    decoded.event,
    fitted,
    '2026-01-01T00:00:01Z',
  );
  return built.kind === 'row' ? 'row' : built.code;
}

describe.each(SCENARIO_NAMES)('the scenario %s', (name) => {
  it('expects of each message what the schema engine says of it', () => {
    const messages = make(name, 7);

    expect(messages.map(judge)).toEqual(messages.map(({ expected }) => expected));
  });

  it('makes the same messages for the same seed, wherever it starts', () => {
    const messages = make(name, 7);

    expect(fingerprints(make(name, 7, 4, 2))).toEqual(fingerprints(messages.slice(4, 6)));
  });

  it('stays within what Pub/Sub takes', () => {
    const largest = Math.max(...make(name, 7).map(({ data }) => data.byteLength));

    expect(largest).toBeLessThan(9_990_000);
  });
});

describe('the scenario poison', () => {
  it('has every code of a message that is not an event', () => {
    expect([...new Set(make('poison', 7).map(({ expected }) => expected))].sort()).toEqual([
      'DUPLICATE_KEY',
      'EVENT_TYPE_INVALID',
      'EVENT_TYPE_MISSING',
      'KEY_NOT_UNICODE',
      'NOT_AN_OBJECT',
      'NOT_JSON',
      'NOT_UTF8',
      'TOO_DEEP',
      'row',
    ]);
  });
});

describe('the scenario webhooks', () => {
  it('makes sixty tables of nested columns, with no value in a column of JSON', () => {
    const byType = Map.groupBy(make('webhooks', 7, 0, 500), ({ data }) => {
      const event = JSON.parse(data.toString()) as { event_type: string };
      return event.event_type;
    });
    const schema = { columns: PIPELINE_COLUMNS, closed: false };
    const tables = [...byType.values()].map((messages) => planBatch(schema, messages).plan.schema.columns);

    expect(tables).toHaveLength(60);
    const leaves = tables.map((columns) => leafTypes(columns.slice(PIPELINE_COLUMNS.length)));
    expect(new Set(leaves.flat())).toEqual(new Set(['STRING', 'INT64', 'NUMERIC', 'BOOL', 'TIMESTAMP']));
    // 200 fields and delivery_id, as far as the messages of a type have brought them.
    expect(Math.max(...leaves.map((types) => types.length))).toBeLessThanOrEqual(201);
    expect(Math.min(...leaves.map((types) => types.length))).toBeGreaterThan(40);
  });
});

function leafTypes(columns: readonly Column[]): string[] {
  return columns.flatMap((column) =>
    column.type === 'RECORD' ? leafTypes(column.columns ?? []) : [column.type],
  );
}
