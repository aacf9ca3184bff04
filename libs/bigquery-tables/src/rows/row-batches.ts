import type { Column } from '@pipeline/schema-inference';
import type { AppendRow } from './row-appender.port.js';
import type { RowEncoder } from './row-encoder.js';

/** A row of an append in its written form. */
export interface WrittenRow {
  /** Position in the rows of the append. */
  readonly index: number;
  readonly bytes: Uint8Array;
}

/** A row that the columns cannot hold, with the path of its first unfit value. */
export interface UnfitRow {
  readonly index: number;
  readonly path: string;
}

/**
 * Source: AppendRowsRequest is limited to 10 MB in the protocol's own words and 20 MB in the quotas, read 2026-11-23.
 */
export const MAX_REQUEST_BYTES = 10_000_000;
/** For the schema, names and lengths around the rows. */
const REQUEST_ROOM = 500_000;
const ROW_ROOM = 8;

/** Writes the rows that the encoder's columns hold; rows that are written in columns with its descriptor are taken as they are. */
export function writeRows(
  encoder: RowEncoder,
  rows: readonly AppendRow[],
  indexes: readonly number[],
  isOfEncoder: (columns: readonly Column[]) => boolean = () => false,
): { readonly written: readonly WrittenRow[]; readonly unfit: readonly UnfitRow[] } {
  const written: WrittenRow[] = [];
  const unfit: UnfitRow[] = [];
  for (const index of indexes) {
    const row = rows[index];
    const bytes = row?.written ?? null;
    if (row !== undefined && bytes !== null && isOfEncoder(row.columns)) {
      written.push({ index, bytes });
      continue;
    }
    const encoded = encoder.encode(row?.row ?? {});
    if (encoded.kind === 'encoded') written.push({ index, bytes: encoded.bytes });
    else unfit.push({ index, path: encoded.path });
  }
  return { written, unfit };
}

/** Splits rows into as few requests as the limit of bytes allows; a row that exceeds it is alone in its request. */
export function splitByBytes(rows: readonly WrittenRow[]): readonly (readonly WrittenRow[])[] {
  const batches: WrittenRow[][] = [];
  let bytes = Number.POSITIVE_INFINITY;
  for (const row of rows) {
    const size = row.bytes.byteLength + ROW_ROOM;
    if (bytes + size > MAX_REQUEST_BYTES - REQUEST_ROOM) {
      batches.push([]);
      bytes = 0;
    }
    batches.at(-1)?.push(row);
    bytes += size;
  }
  return batches;
}

/** Positions of rows by the columns they were made for. */
export function groupByColumns(
  rows: readonly AppendRow[],
  indexes: readonly number[],
): ReadonlyMap<AppendRow['columns'], readonly number[]> {
  const groups = new Map<AppendRow['columns'], number[]>();
  for (const index of indexes) {
    const columns = rows[index]?.columns ?? [];
    const group = groups.get(columns);
    if (group === undefined) groups.set(columns, [index]);
    else group.push(index);
  }
  return groups;
}
