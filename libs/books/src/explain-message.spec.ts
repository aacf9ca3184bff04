import { describe, expect, it } from '@jest/globals';
import type { SqlRow } from '@pipeline/google-clients';
import {
  buildRow,
  compileSchema,
  decodeEvent,
  fit,
  plan,
  type DecodedEvent,
  type TableSchema,
} from '@pipeline/schema-inference';
import { contractEvents } from './contract-events.builder.js';
import { explainMessage, type MessageExplanation, type MessageFacts } from './explain-message.js';

const PUBLISHED_AT = '2026-11-23T10:00:00.000000Z';
const NOW = new Date('2026-11-23T12:00:00Z');
const ROUTES = { order: 'orders' };

function explainEvent(event: string, facts: Partial<MessageFacts> = {}): MessageExplanation {
  const raw = {
    messageId: 'm-1',
    publishedAt: PUBLISHED_AT,
    data: Buffer.from(event),
    attributes: { event_type: 'order' },
  };
  const nothing = { table: null, rows: [], schema: null, deadLetters: [], now: NOW, inProgressMs: 900_000 };
  return explainMessage('m-1', { raw, ...nothing, ...facts }, { routes: ROUTES });
}

function decode(event: string): DecodedEvent | null {
  const decoded = decodeEvent({ data: Buffer.from(event), attributes: { event_type: 'order' } });
  return decoded.kind === 'event' ? decoded.event : null;
}

function rowOf(event: DecodedEvent, schema: TableSchema, isLate: boolean): SqlRow | null {
  const fitted = fit(event, compileSchema(schema), isLate ? { pending: 'overflow' } : {});
  const built = buildRow({ messageId: 'm-1', publishTime: PUBLISHED_AT }, event, fitted, PUBLISHED_AT);
  return built.kind === 'row' ? built.row : null;
}

describe('explainMessage', () => {
  // What megabytes show is shown by the engine's own specs.
  const events = contractEvents().filter(({ event }) => event.length < 100_000);

  it.each(['on time', 'after the wait'])(
    'finds every leaf of every event of the contract vectors, exactly, with words: %s',
    (when) => {
      let explained = 0;
      for (const { name, event: text, schema } of events) {
        const event = decode(text);
        if (event === null) continue;
        const isLate = when === 'after the wait';
        const pending = fit(event, compileSchema(schema), { verdictOnly: true }).pending;
        const after = isLate ? schema : plan(schema, [pending]).schema;
        const row = rowOf(event, after, isLate);
        if (row === null) continue;
        const { leaves, outcome } = explainEvent(text, { rows: [row], schema: after, table: 'orders' });
        const wrong = leaves.filter(({ isExact, words }) => !isExact || words.includes('undefined'));
        expect({ name, outcome, wrong }).toEqual({ name, outcome: 'row', wrong: [] });
        explained++;
      }
      expect(explained).toBeGreaterThan(500);
    },
  );

  it('says of each value where it is and why', () => {
    const schema: TableSchema = {
      columns: [
        { name: 'order_id', type: 'STRING', mode: 'NULLABLE' },
        { name: 'total', type: 'INT64', mode: 'NULLABLE' },
        { name: 'tags', type: 'STRING', mode: 'REPEATED' },
      ],
      closed: false,
    };
    const text = '{"order_id":"o-1","total":"12","tags":["a"]}';
    const event = decode(text);
    const row = event === null ? null : rowOf(event, schema, false);

    const { summary, leaves } = explainEvent(text, {
      rows: row === null ? [] : [row],
      schema,
      table: 'orders',
    });

    expect(summary).toEqual(['It is a row of table orders.']);
    expect(leaves.map(({ pointer, place, words }) => [pointer, place, words])).toEqual([
      ['/order_id', 'column', 'In column order_id (STRING).'],
      [
        '/total',
        'overflow',
        'Kept exactly in _overflow. It is text, and column total holds INT64. A column never changes to another kind, because that would break the queries that use it.',
      ],
      ['/tags/0', 'column', 'In column tags (ARRAY<STRING>).'],
    ]);
  });

  it('says where the values of a message without a row would be today', () => {
    const { outcome, summary, leaves } = explainEvent('{"order_id":"o-1"}');

    expect(outcome).toBe('unaccounted');
    expect(summary).toContain(
      'Bring it back from the archive with: pipeline replay --unaccounted --id m-1 --since 2026-11-23T10:00:00.000000Z',
    );
    expect(leaves.map(({ words }) => words)).toEqual([
      'It would be: In column order_id (STRING). That column is yet to be made or widened.',
    ]);
  });

  it('names a value that was altered after it was stored', () => {
    const schema: TableSchema = { columns: [{ name: 'n', type: 'INT64', mode: 'NULLABLE' }], closed: false };

    const { leaves } = explainEvent('{"n":1,"m":2}', { rows: [{ n: 7 }], schema, table: 'orders' });

    expect(leaves.map(({ pointer, place, isExact }) => [pointer, place, isExact])).toEqual([
      ['/n', 'column', false],
      ['/m', 'nowhere', false],
    ]);
  });

  it.each([
    ['in-progress', { now: new Date('2026-11-23T10:05:00Z') }],
    ['unknown', { raw: null }],
    [
      'dead-letter',
      {
        deadLetters: [
          {
            deadLetteredAt: PUBLISHED_AT,
            messageId: 'm-1',
            publishedAt: PUBLISHED_AT,
            eventType: null,
            table: null,
            path: null,
            stage: 'decode',
            reason: 'NOT_JSON',
            detail: 'the data is not one JSON value',
            attempt: 1,
            service: 'table-manager',
          },
        ],
      },
    ],
  ] satisfies [string, Partial<MessageFacts>][])('knows what is %s', (expected, facts) => {
    const { outcome, summary } = explainEvent('{"a":1', facts);

    expect(outcome).toBe(expected);
    expect(summary.length).toBeGreaterThan(0);
  });
});
