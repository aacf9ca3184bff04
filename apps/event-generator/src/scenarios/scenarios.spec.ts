import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { buildRow, compileSchema, decodeEvent, fit, PIPELINE_COLUMNS } from '@pipeline/schema-inference';
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
