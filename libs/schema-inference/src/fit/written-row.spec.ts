import { describe, expect, it } from '@jest/globals';
import { decodeEvent } from '../decode/decode-event.js';
import type { DecodedEvent } from '../decode/decoded-event.js';
import { PIPELINE_COLUMNS } from '../schema/column.js';
import { compileSchema } from '../schema/compile-schema.js';
import { buildRow } from './build-row.js';
import { fit } from './fit.js';

const compiled = compileSchema({
  columns: [
    ...PIPELINE_COLUMNS,
    { name: 'event_type', type: 'STRING', mode: 'NULLABLE' },
    { name: 'n', type: 'INT64', mode: 'NULLABLE' },
  ],
  closed: false,
});
const MESSAGE = { messageId: '7', publishTime: '2026-11-22T23:05:00.123Z' };

function decode(
  text: string,
  attributes: Readonly<Record<string, string>> = {},
  verdictOnly = false,
): DecodedEvent {
  const options = { schemaOf: () => compiled, verdictOnly };
  const decoded = decodeEvent({ data: Buffer.from(text), attributes }, options);
  if (decoded.kind === 'rejected') throw new Error(decoded.detail);
  return decoded.event;
}

function writtenRow(event: DecodedEvent): string | null {
  const built = buildRow(MESSAGE, event, fit(event, compiled), '2026-11-22T23:05:01Z');
  const written = built.kind === 'row' ? built.written : null;
  return written === null ? null : Buffer.from(written).toString('latin1');
}

describe('a row written from bytes', () => {
  it('is that of its event if another event was compared in between', () => {
    const first = '{"event_type":"a","n":1}';
    const alone = writtenRow(decode(first));
    const event = decode(first);
    decode('{"event_type":"other","n":300}');

    expect(alone).not.toBeNull();
    expect(writtenRow(event)).toBe(alone);
    expect(writtenRow(event)).toBe(alone);
  });

  it('has its fields although only a verdict was asked for', () => {
    const text = '{"event_type":"a","n":1234567}';

    expect(writtenRow(decode(text, {}, true))).toBe(writtenRow(decode(text)));
  });

  it.each<[string, Readonly<Record<string, string>>]>([
    ['none', {}],
    ['one', { event_type: 'order' }],
    ['names that are indexes', { b: '1', 2: 'x', a: '' }],
    ['a quote', { quote: 'a"b' }],
    ['a backslash', { backslash: '\\' }],
    ['a quote in a name', { 'a"b': '' }],
    ['a line feed', { line: '\n' }],
    ['the character after printable ones', { delete: '\x7f' }],
    ['other letters', { Zürich: 'é', face: '😀' }],
    ['an escape after a long value', { plain: 'x'.repeat(200), 'then not': '\u2028' }],
    ['many escapes', { control: '\u0001'.repeat(4_000) }],
    ['the name __proto__', JSON.parse('{"__proto__":"x"}') as Record<string, string>],
  ])('has the attributes as JSON.stringify writes them: %s', (_name, attributes) => {
    const row = writtenRow(decode('{"event_type":"a","n":1}', attributes));

    expect(row).toContain(Buffer.from(JSON.stringify(attributes)).toString('latin1'));
  });

  it('has the event type of its event, whatever types came before', () => {
    const numbered = Array.from({ length: 5_000 }, (_, index) => `type-${(index * 7_919) % 5_000}`);
    const types = [...numbered, 'abcd', 'abcdefgh', 'abcd', 'é', 'a'.repeat(64), 'a'.repeat(65), 'Zürich'];
    const found = types.map((type) => decode(`{"event_type":"${type}"}`).eventType);

    expect(found).toEqual(types);
  });
});
