import { DuckDBDataChunk, type DuckDBConnection, type DuckDBType, type DuckDBValue } from '@duckdb/node-api';
import type { Cell } from '../rules/cell.js';
import type { Field } from '../rules/field-schema.js';
import { ROWS_SCHEMA } from './database.js';
import { toDuckValue } from './duckdb-values.js';

/** Rows of one DuckDB vector. */
const CHUNK_ROWS = 2048;

/** Appends rows (cells in the order of `fields`) inside the caller's transaction. */
export async function appendRows(
  connection: DuckDBConnection,
  physical: string,
  fields: readonly Field[],
  rows: readonly (readonly Cell[])[],
): Promise<void> {
  const appender = await connection.createAppender(physical, ROWS_SCHEMA);
  try {
    const types = fields.map((_, index) => appender.columnType(index));
    for (let start = 0; start < rows.length; start += CHUNK_ROWS)
      appender.appendDataChunk(makeChunk(types, fields, rows.slice(start, start + CHUNK_ROWS)));
    appender.flushSync();
  } finally {
    appender.closeSync();
  }
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
