import { createReadStream } from 'node:fs';
import type { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';

/** One line of a source. */
export interface SourceLine {
  readonly source: string;
  /** Counted from 1 over all sources. */
  readonly number: number;
  /** As they are in the source, without the line feed: nothing is decoded on the way. */
  readonly bytes: Buffer;
}

/** Opens an object of Cloud Storage by its `gs://` address. */
export type OpenObject = (address: string) => Readable;

const LINE_FEED = 10;
/** Nothing but spaces, tabs and carriage returns. */
const BLANK = /^[\t\r ]*$/;

/**
 * The lines of files and objects, one after the other; empty ones are left out but counted. `-` is stdin; names that end
 * in `.gz` are unpacked. Memory holds one line and one chunk.
 */
export async function* readLines(
  sources: readonly string[],
  openObject: OpenObject,
): AsyncGenerator<SourceLine> {
  let number = 0;
  for (const source of sources) {
    for await (const bytes of splitLines(unpacked(source, openObject))) {
      number++;
      if (bytes.length > 64 || !BLANK.test(bytes.toString('latin1'))) yield { source, number, bytes };
    }
  }
}

async function* splitLines(stream: Readable): AsyncGenerator<Buffer> {
  let rest: Buffer[] = [];
  for await (const chunk of stream as AsyncIterable<Buffer>) {
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

function unpacked(source: string, openObject: OpenObject): Readable {
  const raw = open(source, openObject);
  if (!source.endsWith('.gz')) return raw;
  const gunzip = createGunzip();
  // A pipe does not pass an error on: the reader would wait for ever.
  raw.once('error', (error) => gunzip.destroy(error));
  return raw.pipe(gunzip);
}

function open(source: string, openObject: OpenObject): Readable {
  if (source === '-') return process.stdin;
  return source.startsWith('gs://') ? openObject(source) : createReadStream(source);
}
