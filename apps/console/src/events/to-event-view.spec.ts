import { describe, expect, it } from '@jest/globals';
import type { LeafExplanation, MessageExplanation } from '@pipeline/books';
import { toEventView } from './to-event-view.js';

const leaf = (json: string): LeafExplanation => ({
  pointer: '/a',
  json,
  place: 'column',
  column: 'a',
  type: 'STRING',
  reason: null,
  isExact: true,
  words: 'In column a (STRING).',
});

const explanation = (leaves: readonly LeafExplanation[]): MessageExplanation => ({
  messageId: '17',
  outcome: 'row',
  eventType: 'order',
  table: 'orders',
  publishedAt: '2026-11-29T10:00:00.000000Z',
  summary: ['It is a row of table orders.'],
  leaves,
  row: { a: 'secret' },
  deadLetters: [],
});

const raw = {
  messageId: '17',
  publishedAt: '2026-11-29T10:00:00.000000Z',
  data: Buffer.from('{"a":"secret"}'),
  attributes: { key: 'secret' },
};

describe('toEventView', () => {
  it('holds no value, byte or attribute unless values are asked for', () => {
    const view = toEventView(explanation([leaf('"secret"')]), { raw, rows: [], values: false });

    expect(JSON.stringify(view)).not.toContain('secret');
    expect(view.leaves[0]).toMatchObject({ json: null, jsonLength: 8 });
    expect(view.raw).toEqual({ bytes: 14, text: null, textLength: 14, attributes: null });
  });

  it('gives numbers as the text that was published', () => {
    const literal = '1234567890123456789012345678901234567890';

    expect(toEventView(explanation([leaf(literal)]), { raw, rows: [], values: true }).leaves[0]?.json).toBe(
      literal,
    );
  });

  it('cuts long values before half a character, and says how long they are', () => {
    const view = toEventView(explanation([leaf('x'.repeat(1_999) + '😀')]), { raw, rows: [], values: true });

    expect(view.leaves[0]).toMatchObject({ json: 'x'.repeat(1_999), jsonLength: 2_001 });
  });

  it('counts all values of an event and lists the first 5,000', () => {
    const view = toEventView(explanation(Array.from({ length: 5_001 }, () => leaf('1'))), {
      raw,
      rows: [{ _ingest_time: '2026-11-29T10:00:01.000000Z', _revision: 2 }],
      values: false,
    });

    expect([view.leafCount, view.leaves.length, view.inColumns, view.altered]).toEqual([
      5_001, 5_000, 5_001, 0,
    ]);
    expect(view.copies).toEqual([{ ingestedAt: '2026-11-29T10:00:01.000000Z', revision: 2 }]);
  });
});
