import { gzipSync } from 'node:zlib';

/** A message that the worst producer sends. */
export interface HostileMessage {
  readonly data: Buffer;
  readonly attributes?: Readonly<Record<string, string>>;
}

/** Size of a shape: approximate bytes of its data. */
type Shape = (bytes: number, index: number) => HostileMessage;

const text = (json: string): HostileMessage => ({ data: Buffer.from(json) });
const repeated = (bytes: number, unit: string): string =>
  Array.from({ length: Math.ceil(bytes / (unit.length + 1)) }, () => unit).join(',');
const keys = (count: number, of: (index: number) => string): string =>
  Array.from({ length: count }, (_unused, index) => of(index)).join(',');

/**
 * Shapes of the review of an attacker: each is a row or a dead letter, and none may stop a process.
 *
 * Every shape takes the size that is asked for, where its kind has one.
 */
export const HOSTILE_SHAPES: Readonly<Record<string, Shape>> = {
  'records of one field': (bytes) => text(`{"event_type":"heavy","a":[${repeated(bytes, '{"x":1}')}]}`),
  'records that conflict': (bytes) => text(`{"event_type":"heavy","a":[${repeated(bytes, '{"x":"s"}')}]}`),
  'records of varied keys': (bytes, index) =>
    text(`{"event_type":"varied","a":[${keys(bytes / 14, (n) => `{"k${(n + index) % 400}":${n % 9}}`)}]}`),
  'numbers in an array': (bytes) => text(`{"event_type":"heavy","n":[${repeated(bytes, '1')}]}`),
  'mixed values in an array': (bytes) =>
    text(`{"event_type":"heavy","m":[${repeated(bytes, '1,"x",null')}]}`),
  'one long text': (bytes) => text(`{"event_type":"heavy","s":"${'x'.repeat(bytes)}"}`),
  'escaped text': (bytes) =>
    text(String.raw`{"event_type":"heavy","s":"${String.raw`\u0041`.repeat(bytes / 6)}"}`),
  'long numbers': (bytes) => text(`{"event_type":"heavy","d":[${repeated(bytes, '0.1234567890123456789')}]}`),
  'a number of many digits': (bytes) => text(`{"event_type":"heavy","d":${'9'.repeat(bytes)}}`),
  'thousands of root keys': (_bytes, index) =>
    text(`{"event_type":"wide","w":1,${keys(6_000, (n) => `"c${index}_${n}":1`)}}`),
  'an object whose keys are data': (bytes, index) =>
    text(`{"event_type":"keyed","by":{${keys(bytes / 27, (n) => `"${String(1e15 + n + index)}":{"v":1}`)}}}`),
  'deep nesting': (bytes) =>
    text(`{"event_type":"heavy","d":${'['.repeat(bytes / 2)}${']'.repeat(bytes / 2)}}`),
  'records in records': (_bytes, index) =>
    text(`{"event_type":"nested","r":${'{"r":'.repeat(60)}${index}${'}'.repeat(60)}}`),
  'the same key twice at the end': (bytes) => text(`{"event_type":"heavy","s":"${'x'.repeat(bytes)}","s":1}`),
  'a text that is cut off': (bytes) => text(`{"event_type":"heavy","a":[${repeated(bytes, '{"x":1}')}`),
  'bytes that are not UTF-8': (bytes) => ({ data: Buffer.alloc(bytes, 0xff) }),
  'a gzip bomb': (bytes) => ({
    data: gzipSync(Buffer.from(`{"event_type":"heavy","s":"${' '.repeat(3 * bytes)}"}`)),
    attributes: { 'content-encoding': 'gzip' },
  }),
  'a type of its own': (_bytes, index) => text(`{"event_type":"invented_${index}","n":${index}}`),
  'a type of a megabyte': () => text(`{"event_type":"${'t'.repeat(1_000_000)}"}`),
  'control characters': () =>
    text(
      JSON.stringify({
        event_type: '\u001b[31mevil\u001b]0;pwn\u0007',
        '\u001b[5mkey\u202e': '\u001b]52;c;cHduZWQ=\u0007',
      }),
    ),
  'attributes of the transport': (_bytes, index) => ({
    data: Buffer.from(`{"event_type":"dressed","n":${index}}`),
    attributes: {
      'content-type': ';;;',
      'X-Goog-Pubsub-Message-Id': 'victim',
      pipeline_replay_of: 'victim',
      pipeline_replay_publish_time: '2000-01-01T00:00:00Z',
      __proto__x: 'y',
    },
  }),
  'attributes of 60 kilobytes': (_bytes, index) => ({
    data: Buffer.from(`{"event_type":"dressed","n":${index}}`),
    attributes: Object.fromEntries(Array.from({ length: 60 }, (_unused, n) => [`a${n}`, 'v'.repeat(1_000)])),
  }),
};
