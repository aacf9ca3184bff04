const MEGABYTE = 1_000_000;

/** A message that is meant to hurt: its data, and the attributes it needs. */
export interface HostileMessage {
  readonly name: string;
  readonly data: Buffer;
}

/** As many parts as fit, in brackets, as the field `a` of an event of the type `hostile`. */
function arrayOf(bytes: number, part: (index: number) => string): Buffer {
  const parts: string[] = [];
  for (let length = 0, index = 0; length < bytes; index++) {
    const text = part(index);
    parts.push(text);
    length += text.length + 1;
  }
  return event(`"a":[${parts.join(',')}]`);
}

function event(members: string, type = 'hostile'): Buffer {
  return Buffer.from(`{"event_type":"${type}",${members}}`);
}

/**
 * Kinds of message that are expensive in ways of their own: most have 4 to 10 MB, records of many keys less, because each
 * record becomes as many cells as all of them have keys. The table `hostile` has the column a REPEATED RECORD<x INT64> if
 * {@link FIRST_EVENT} came first.
 */
export const HOSTILE_SHAPES: readonly (() => HostileMessage)[] = Object.entries({
  'conflicting records, 10 MB': () => arrayOf(9.9 * MEGABYTE, () => '{"x":"s"}'),
  'conflicting records, 4 MB': () => arrayOf(4 * MEGABYTE, () => '{"x":"s"}'),
  'conflicting records below the limit of values': () =>
    arrayOf(9.9 * MEGABYTE, () => `{"x":"${'s'.repeat(75)}"}`),
  'fitting records, 9 MB': () => arrayOf(9 * MEGABYTE, () => '{"x":1}'),
  'fitting records with 17 digits': () => arrayOf(6 * MEGABYTE, () => `{"x":${'1'.repeat(17)}}`),
  'numbers, 10 MB': () => arrayOf(9.9 * MEGABYTE, () => '1'),
  'numbers of 38 digits': () => arrayOf(9.5 * MEGABYTE, (index) => `${'9'.repeat(30)}${10_000_000 + index}`),
  'nulls, 5 MB': () => arrayOf(5 * MEGABYTE, () => 'null'),
  'empty objects, 6 MB': () => arrayOf(6 * MEGABYTE, () => '{}'),
  'empty arrays, 6 MB': () => arrayOf(6 * MEGABYTE, () => '[]'),
  'mixed kinds, 7 MB': () => arrayOf(7 * MEGABYTE, (index) => (index % 2 === 0 ? '1' : '"s"')),
  'records of 400 different keys': () => arrayOf(4.4 * MEGABYTE, (index) => `{"k${index % 400}":0}`),
  'records of 400 different keys, 200 kB': () => arrayOf(0.2 * MEGABYTE, (index) => `{"k${index % 400}":0}`),
  'records of 400 different keys, 800 kB': () => arrayOf(0.8 * MEGABYTE, (index) => `{"k${index % 400}":0}`),
  '240,000 keys at the root': () =>
    event(
      Array.from({ length: 240_000 }, (_unused, index) => `"key_${index}_${'x'.repeat(20)}":1`).join(','),
    ),
  '240,000 keys below the root': () => {
    const keys = Array.from({ length: 240_000 }, (_unused, index) => `"key_${index}_${'x'.repeat(20)}":1`);
    return event(`"b":{${keys.join(',')}}`);
  },
  'one string, 9.9 MB': () => event(`"s":"${'x'.repeat(9.9 * MEGABYTE)}"`),
  'one string of three-byte characters': () => event(`"s":"${'漢'.repeat(3.3 * MEGABYTE)}"`),
  'one string of escapes': () => event(`"s":"${'\\u0041'.repeat(1.6 * MEGABYTE)}"`),
  'one number of 9.9 million digits': () => event(`"n":${'7'.repeat(9.9 * MEGABYTE)}`),
  '9.9 million brackets': () => Buffer.from('['.repeat(9.9 * MEGABYTE)),
  'a text that is cut off': () => Buffer.from(`{"event_type":"hostile","a":[${'{"x":1},'.repeat(500_000)}`),
  'a key that comes twice at the end': () => event(`"b":{"s":"${'x'.repeat(6 * MEGABYTE)}","d":1,"d":2}`),
  'an event type of 4 MB': () => event('"a":[]', 't'.repeat(4 * MEGABYTE)),
}).map(([name, build]) => () => ({ name, data: build() }));

/** Makes the table that the conflicting shapes meet. */
export const FIRST_EVENT = { event_type: 'hostile', a: [{ x: 1 }] };
