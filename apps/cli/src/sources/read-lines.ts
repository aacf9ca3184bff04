import { createReadStream } from 'node:fs';
import { pipeline, type Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { UsageError } from '../command/exit-codes.js';
import { avroEvents } from './avro-source.js';
import { csvEvents, csvKinds } from './csv-source.js';
import { isAvro, refuseOtherFormats } from './source-kind.js';
import type { SourceEvent, SourceLine } from './source-line.js';
import { splitArray } from './split-array.js';

/** Opens an object of Cloud Storage by its `gs://` address. */
export type OpenObject = (address: string) => Readable;

/** Settings of reading; without them no source is CSV, and `-` is stdin itself. */
export interface ReadOptions {
  readonly isCsv?: (source: string) => boolean;
  /** Columns of CSV files that stay text. */
  readonly textColumns?: readonly string[];
  /** A file that holds what stdin gave, so that it can be read again. */
  readonly stdinFile?: string;
}

const LINE_FEED = 10;
const BYTE_ORDER_MARK = Buffer.from([0xef, 0xbb, 0xbf]);
const ARRAY_START = /^\s*\[/;
/** No JSON begins so. Source: RFC 1952, section 2.3.1. */
const GZIP_MAGIC = Buffer.from([0x1f, 0x8b]);
/** Nothing but spaces, tabs and carriage returns. */
const BLANK = /^[\t\r ]*$/;

/**
 * Reads the lines of files and objects, one after the other; blank lines are counted and left out. `-` is stdin.
 *
 * A source that begins with `[` is a JSON array: each of its elements is read like a line, with the bytes that it has in the
 * file. An Avro file is known by its first bytes, a CSV file by `isCsv`; each record is read like a line. A byte order mark at
 * the beginning is skipped. Gzip is unpacked whatever the name: Cloud Storage keeps packed objects under any. Memory holds one
 * line or element and one chunk; of Avro, one block.
 * @throws UsageError for broken gzip, Avro or CSV, and for an array that is cut off or followed by something
 */
export async function* readLines(
  sources: readonly string[],
  openObject: OpenObject,
  options: ReadOptions = {},
): AsyncGenerator<SourceLine> {
  let number = 0;
  for (const source of sources) {
    for await (const event of eventsOf(source, openObject, options)) {
      number++;
      const { bytes, original } = event;
      if (original !== undefined || bytes.length > 64 || !BLANK.test(bytes.toString('latin1')))
        yield { source, number, ...event };
    }
  }
}

/**
 * Reads the beginning of a source.
 * @throws UsageError for a format that is not read, and for broken gzip
 */
export async function checkBeginning(
  source: string,
  openObject: OpenObject,
  { isCsv }: ReadOptions = {},
): Promise<void> {
  if (isCsv?.(source) === true) return;
  const events = splitSource(source, unpacked(source, openSource(source, openObject, {})));
  await events.next();
  await events.return(undefined);
}

async function* eventsOf(
  source: string,
  openObject: OpenObject,
  options: ReadOptions,
): AsyncGenerator<SourceEvent> {
  const open = (): AsyncGenerator<Buffer> => unpacked(source, openSource(source, openObject, options));
  if (options.isCsv?.(source) !== true) {
    yield* splitSource(source, open());
    return;
  }
  const kinds = await csvKinds(source, open(), { textColumns: options.textColumns ?? [] });
  yield* csvEvents(source, open(), kinds);
}

async function* splitSource(source: string, chunks: AsyncIterable<Buffer>): AsyncGenerator<SourceEvent> {
  const rest = chunks[Symbol.asyncIterator]();
  const head = withoutMark(await headOf(rest));
  const whole = joined(head, rest);
  if (isAvro(head)) {
    yield* avroEvents(source, whole);
    return;
  }
  refuseOtherFormats(source, head);
  const elements = ARRAY_START.test(head.toString('latin1')) ? splitArray(source, whole) : splitLines(whole);
  for await (const bytes of elements) yield { bytes };
}

/** Enough of the beginning to see more than white space and a byte order mark. */
async function headOf(chunks: AsyncIterator<Buffer>): Promise<Buffer> {
  let head = Buffer.alloc(0);
  while (head.length < BYTE_ORDER_MARK.length || /^\s*$/.test(withoutMark(head).toString('latin1'))) {
    const next = await chunks.next();
    if (next.done === true) break;
    head = Buffer.concat([head, next.value]);
  }
  return head;
}

function withoutMark(bytes: Buffer): Buffer {
  const hasMark = bytes.subarray(0, BYTE_ORDER_MARK.length).equals(BYTE_ORDER_MARK);
  return hasMark ? bytes.subarray(BYTE_ORDER_MARK.length) : bytes;
}

async function* splitLines(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let rest: Buffer[] = [];
  for await (const chunk of chunks) {
    let start = 0;
    for (let end = chunk.indexOf(LINE_FEED); end >= 0; end = chunk.indexOf(LINE_FEED, start)) {
      yield Buffer.concat([...rest, chunk.subarray(start, end)]);
      rest = [];
      start = end + 1;
    }
    if (start < chunk.length) rest.push(chunk.subarray(start));
  }
  if (rest.length > 0) yield Buffer.concat(rest);
}

async function* unpacked(source: string, chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const rest = chunks[Symbol.asyncIterator]();
  const head = await firstBytes(rest);
  const whole = joined(head, rest);
  if (!head.subarray(0, GZIP_MAGIC.length).equals(GZIP_MAGIC)) {
    yield* whole;
    return;
  }
  const gunzip = createGunzip();
  // A failure, of the source too, is thrown by the iteration below.
  pipeline(whole, gunzip, () => undefined);
  try {
    yield* gunzip as AsyncIterable<Buffer>;
  } catch (cause) {
    throw isBroken(cause)
      ? new UsageError(`${source} is packed by gzip and broken: ${cause.message}.`, { cause })
      : cause;
  }
}

/** Reads enough bytes to recognize gzip; fewer if the source ends. */
async function firstBytes(chunks: AsyncIterator<Buffer>): Promise<Buffer> {
  let head = Buffer.alloc(0);
  while (head.length < GZIP_MAGIC.length) {
    const next = await chunks.next();
    if (next.done === true) break;
    head = Buffer.concat([head, next.value]);
  }
  return head;
}

async function* joined(head: Buffer, rest: AsyncIterator<Buffer>): AsyncGenerator<Buffer> {
  yield head;
  yield* { [Symbol.asyncIterator]: () => rest };
}

/** True for an error of zlib (Z_DATA_ERROR, Z_BUF_ERROR), false for one of the source. */
function isBroken(cause: unknown): cause is Error {
  return cause instanceof Error && 'code' in cause && String(cause.code).startsWith('Z_');
}

function openSource(source: string, openObject: OpenObject, { stdinFile }: ReadOptions): Readable {
  if (source === '-') return stdinFile === undefined ? process.stdin : createReadStream(stdinFile);
  return source.startsWith('gs://') ? openObject(source) : createReadStream(source);
}
