import { describe, expect, it } from '@jest/globals';
import { readNote } from '@pipeline/schema-inference';
import { addOrigin, readOrigins, type Origin } from './origin.js';

const AT = Date.parse('2026-11-23T02:00:00.123Z');
const added: Origin = { event: 'added', atMs: AT, messageId: '17-3', eventType: 'order.created' };

describe('addOrigin', () => {
  it.each<[string, string | undefined, string]>([
    ['nothing', undefined, 'First seen 2026-11-23T02:00:00.123Z in message 17-3, event type order.created.'],
    [
      "people's text",
      'Net of tax.',
      'Net of tax.\nFirst seen 2026-11-23T02:00:00.123Z in message 17-3, event type order.created.',
    ],
    [
      'a key',
      'pipeline:{"key":"order-id"}',
      'First seen 2026-11-23T02:00:00.123Z in message 17-3, event type order.created.\npipeline:{"key":"order-id"}',
    ],
    [
      'both',
      'Net of tax.\npipeline:{"key":"order-id"}',
      'Net of tax.\nFirst seen 2026-11-23T02:00:00.123Z in message 17-3, event type order.created.\npipeline:{"key":"order-id"}',
    ],
  ])('says it after people, before the key: %s', (_name, description, wanted) => {
    const written = addOrigin(description, added, 1_024);

    expect(written).toBe(wanted);
    expect(readNote(written)).toEqual(readNote(description));
    expect(readOrigins(written)).toEqual([{ event: 'added', atMs: AT, messageId: '17-3' }]);
  });

  it('cuts nothing: what is too long stays as it was', () => {
    const full = `${'x'.repeat(990)}\npipeline:{"key":"a b"}`;

    expect(addOrigin(full, added, 1_024)).toBe(full);
    expect(addOrigin(undefined, added, 10)).toBeUndefined();
  });

  it.each<[string, Origin]>([
    ['widened', { event: 'widened', atMs: AT, messageId: '1', widening: { from: 'INT64', to: 'NUMERIC' } }],
    ['relaxed', { event: 'relaxed', atMs: AT, messageId: '1' }],
    ['closed', { event: 'closed', atMs: AT, messageId: '1' }],
    ['made', { event: 'made', atMs: AT, messageId: '1' }],
    ['made again', { event: 'made-again', atMs: AT, messageId: null }],
  ])('is read back: %s', (_name, origin) => {
    expect(readOrigins(addOrigin('a\nb', origin, 1_024))).toEqual([origin]);
  });

  it.each(['with space', 'a\nb', '', 'x'.repeat(200)])(
    'leaves out an id that is no word: %j',
    (messageId) => {
      const written = addOrigin(undefined, { event: 'made', atMs: AT, messageId }, 1_024);

      expect(written).toBe('Made 2026-11-23T02:00:00.123Z for message -.');
      expect(readOrigins(written)).toEqual([{ event: 'made', atMs: AT, messageId: null }]);
    },
  );

  it.each(['First seen yesterday in message 1.', 'Made 2026-13-41T02:00:00.123Z for message 1.', 'Closed.'])(
    'takes for its own only what it writes: %s',
    (line) => {
      expect(readOrigins(line)).toEqual([]);
    },
  );
});
