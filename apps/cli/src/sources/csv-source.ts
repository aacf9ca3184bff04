import { pipeline, Readable } from 'node:stream';
import { parse } from 'csv-parse';
import { UsageError } from '../command/exit-codes.js';
import type { SourceEvent } from './source-line.js';

/** Settings of CSV files. */
export interface CsvOptions {
  /** Columns that stay text, whatever their cells look like: ZIP codes, telephone numbers. */
  readonly textColumns: readonly string[];
}

type Kind = 'number' | 'boolean' | 'text';

/** A cell as it is; null for one that is empty and not in quotes. */
type Cell = string | null;

/** Numbers as JSON writes them, without an exponent; a code such as 007 or 1e5 is text. */
const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?$/;
const BOOLEAN = /^(?:true|false)$/i;
const DELIMITERS = [',', ';', '\t'];
/** Longest record: a message of 10 MB. */
const MAX_RECORD_BYTES = 10_000_000;

/**
 * Reads the columns of a CSV file: a column is numbers or booleans only if every cell of it is, and text otherwise, so that no
 * column is half numbers.
 *
 * @throws UsageError for a head with an empty or repeated name, and for broken CSV
 */
export async function csvKinds(
  source: string,
  chunks: AsyncIterable<Buffer>,
  { textColumns }: CsvOptions,
): Promise<readonly Kind[]> {
  let head: readonly Cell[] | null = null;
  let kinds: (Kind | null)[] = [];
  for await (const record of records(source, chunks)) {
    if (head === null) {
      head = record;
      checkHead(source, head);
      kinds = head.map((name) => (textColumns.includes(name ?? '') ? 'text' : null));
      continue;
    }
    for (const [index, cell] of record.entries())
      if (cell !== null && kinds[index] !== 'text') kinds[index] = joined(kinds[index] ?? null, kindOf(cell));
  }
  return kinds.map((kind) => kind ?? 'text');
}

/** Yields each record as one event: names of the head → values; empty cells are left out. */
export async function* csvEvents(
  source: string,
  chunks: AsyncIterable<Buffer>,
  kinds: readonly Kind[],
): AsyncGenerator<SourceEvent> {
  let keys: readonly string[] | null = null;
  for await (const record of records(source, chunks)) {
    if (keys === null) {
      keys = record.map((name) => JSON.stringify(name));
      continue;
    }
    const members = record.flatMap((cell, index) =>
      cell === null ? [] : [`${keys?.[index] ?? ''}:${toJson(cell, kinds[index] ?? 'text')}`],
    );
    yield { bytes: Buffer.from(`{${members.join(',')}}`) };
  }
}

function toJson(cell: string, kind: Kind): string {
  if (kind === 'text') return JSON.stringify(cell);
  return kind === 'boolean' ? cell.toLowerCase() : cell;
}

function kindOf(cell: string): Kind {
  if (NUMBER.test(cell)) return 'number';
  return BOOLEAN.test(cell) ? 'boolean' : 'text';
}

function joined(before: Kind | null, kind: Kind): Kind {
  return before === null || before === kind ? kind : 'text';
}

function checkHead(source: string, head: readonly Cell[]): void {
  const empty = head.findIndex((name) => name === null || name.trim() === '');
  if (empty >= 0) throw new UsageError(`${source}: column ${empty + 1} has no name in the first line.`);
  const twice = head.find((name, index) => head.indexOf(name) !== index);
  if (twice !== undefined)
    throw new UsageError(`${source}: two columns have the name ${twice ?? ''} in the first line.`);
}

async function* records(source: string, chunks: AsyncIterable<Buffer>): AsyncGenerator<readonly Cell[]> {
  const iterator = chunks[Symbol.asyncIterator]();
  const first = await iterator.next();
  if (first.done === true) return;
  const parser = parse({
    delimiter: delimiterOf(first.value),
    skip_empty_lines: true,
    bom: true,
    max_record_size: MAX_RECORD_BYTES,
    cast: (cell, { quoting }) => (cell === '' && !quoting ? null : cell),
  });
  pipeline(Readable.from(rejoined(first.value, iterator)), parser, () => undefined);
  try {
    for await (const record of parser as AsyncIterable<readonly Cell[]>) yield record;
  } catch (cause) {
    if (!(cause instanceof Error) || !('code' in cause) || !String(cause.code).startsWith('CSV_'))
      throw cause;
    throw new UsageError(`${source} is no CSV: ${cause.message}.`, { cause });
  }
}

/** The separator that the first line has most often. */
function delimiterOf(head: Buffer): string {
  const [line = ''] = head.toString('utf8').split('\n', 1);
  const count = (delimiter: string): number => line.split(delimiter).length;
  return DELIMITERS.reduce((best, delimiter) => (count(delimiter) > count(best) ? delimiter : best));
}

async function* rejoined(head: Buffer, rest: AsyncIterator<Buffer>): AsyncGenerator<Buffer> {
  yield head;
  yield* { [Symbol.asyncIterator]: () => rest };
}
