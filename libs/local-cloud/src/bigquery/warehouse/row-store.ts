import { DuckDBDataChunk, type DuckDBConnection, type DuckDBType, type DuckDBValue } from '@duckdb/node-api';
import type { Cell } from '../rules/cell.js';
import type { Field } from '../rules/field-schema.js';
import { toDuckValue } from './duckdb-values.js';

/** Most rows of one DuckDB vector. */
const CHUNK_ROWS = 2048;

/** Cells held as JavaScript values at a time, so that wide rows are appended in small chunks. */
const CHUNK_CELLS = 200_000;

/** A DuckDB table by its unquoted names; without `catalog`, of the main database. */
export interface TablePlace {
  readonly table: string;
  readonly schema: string;
  readonly catalog?: string;
}

/** Appends rows (cells in the order of `fields`) inside the caller's transaction. */
export async function appendRows(
  connection: DuckDBConnection,
  { table, schema, catalog }: TablePlace,
  fields: readonly Field[],
  rows: Iterable<readonly Cell[]>,
): Promise<void> {
  const appender = await connection.createAppender(table, schema, catalog ?? null);
  try {
    const types = fields.map((_, index) => appender.columnType(index));
    let chunk: (readonly Cell[])[] = [];
    let cells = 0;
    for (const row of rows) {
      chunk.push(row);
      cells += countCells(row);
      if (chunk.length < CHUNK_ROWS && cells < CHUNK_CELLS) continue;
      appender.appendDataChunk(makeChunk(types, fields, chunk));
      chunk = [];
      cells = 0;
    }
    if (chunk.length > 0) appender.appendDataChunk(makeChunk(types, fields, chunk));
    appender.flushSync();
  } finally {
    appender.closeSync();
  }
}

/** Cells of a row at all depths. */
function countCells(cells: readonly Cell[]): number {
  return cells.reduce<number>((sum, cell) => sum + (isList(cell) ? countCells(cell) : 0), cells.length);
}

function isList(cell: Cell): cell is readonly Cell[] {
  return Array.isArray(cell);
}

function makeChunk(
  types: readonly DuckDBType[],
  fields: readonly Field[],
  rows: readonly (readonly Cell[])[],
): DuckDBDataChunk {
  const columns: DuckDBValue[][] = fields.map((field, index) =>
    rows.map((cells) => toDuckValue(cells[index] ?? null, field)),
  );
  const chunk = DuckDBDataChunk.create(types, rows.length);
  chunk.setColumns(columns);
  return chunk;
}
