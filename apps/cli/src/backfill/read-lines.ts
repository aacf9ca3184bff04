import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';

/** One line of a source. */
export interface SourceLine {
  readonly source: string;
  /** Counted from 1 over all sources. */
  readonly number: number;
  readonly text: string;
}

/** Opens an object of Cloud Storage by its `gs://` address. */
export type OpenObject = (address: string) => Readable;

/**
 * The lines of files and objects, one after the other; empty ones are left out but counted. `-` is stdin; names that end
 * in `.gz` are unpacked. Memory holds one line.
 */
export async function* readLines(
  sources: readonly string[],
  openObject: OpenObject,
): AsyncGenerator<SourceLine> {
  let number = 0;
  for (const source of sources) {
    const raw = open(source, openObject);
    const stream = source.endsWith('.gz') ? raw.pipe(createGunzip()) : raw;
    // A pipe does not pass an error on: the reader would wait for ever.
    raw.once('error', (error) => stream.destroy(error));
    for await (const text of createInterface({ input: stream, crlfDelay: Infinity })) {
      number++;
      if (text.trim() !== '') yield { source, number, text };
    }
  }
}

function open(source: string, openObject: OpenObject): Readable {
  if (source === '-') return process.stdin;
  return source.startsWith('gs://') ? openObject(source) : createReadStream(source);
}
