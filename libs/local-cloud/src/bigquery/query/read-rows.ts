import type { DuckDBConnection } from '@duckdb/node-api';
import { BigqueryError } from '../rules/api-error.js';
import type { Cell } from '../rules/cell.js';
import { OutOfMemory } from '../rules/out-of-memory.js';
import { cellOfType } from './result-cells.js';
import type { BoundQuery } from './query-engine.js';

/** Most memory of one result and of all results that are being read, in bytes as {@link weighCells} estimates them. */
const MAX_RESULT_BYTES = 512 * 1024 * 1024;
const MAX_READING_BYTES = 1024 * 1024 * 1024;

let readingBytes = 0;

/** Rows of a result with their estimated memory. */
export interface ReadRows {
  readonly rows: Cell[][];
  readonly bytes: number;
}

/**
 * Reads a result piece by piece, so that a query of a thousand million rows ends here and not with the process.
 *
 * Errors: `responseTooLarge`, as BigQuery answers a result that is too large for an anonymous table, and
 * `resourcesExceeded` if other results leave no room.
 */
export async function readRows(connection: DuckDBConnection, bound: BoundQuery): Promise<ReadRows> {
  const { sql, values, types, columns } = bound;
  const result = await connection.stream(sql, values, types);
  const rows: Cell[][] = [];
  let bytes = 0;
  try {
    for (let chunk = await result.fetchChunk(); chunk !== null; chunk = await result.fetchChunk()) {
      if (chunk.rowCount === 0) break;
      const before = bytes;
      for (const row of chunk.getRows()) {
        const cells = columns.map(({ type }, index) => cellOfType(row[index] ?? null, type));
        bytes += weighCells(cells);
        rows.push(cells);
      }
      readingBytes += bytes - before;
      refuseTooMuch(bytes);
    }
    return { rows, bytes };
  } catch (error) {
    // Ends the stream, and frees what it holds, before the connection is used again.
    connection.interrupt();
    await connection.run('SELECT 1').catch(() => undefined);
    throw error;
  } finally {
    readingBytes -= bytes;
  }
}

function refuseTooMuch(bytes: number): void {
  if (bytes > MAX_RESULT_BYTES)
    throw new BigqueryError({
      reason: 'responseTooLarge',
      message: `Response too large to return: this server keeps at most ${MAX_RESULT_BYTES / 1_048_576} MiB of a result. Use LIMIT or an aggregation.`,
    });
  if (readingBytes > MAX_READING_BYTES)
    throw new OutOfMemory('the results of other queries use the memory of this server.');
}

/** Estimates the memory of cells, in bytes. */
export function weighCells(cells: readonly Cell[]): number {
  let bytes = 64;
  for (const cell of cells) {
    bytes += 24;
    if (typeof cell === 'string' || cell instanceof Uint8Array) bytes += cell.length;
    else if (Array.isArray(cell)) bytes += weighCells(cell as readonly Cell[]);
  }
  return bytes;
}
