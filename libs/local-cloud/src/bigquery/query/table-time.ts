import type { DuckDBConnection } from '@duckdb/node-api';
import { BigqueryError, invalidQuery } from '../rules/api-error.js';
import { type TableName, tableKey } from '../rules/table-resource.js';
import type { Warehouse } from '../warehouse/warehouse.js';

/** A table that a statement reads as of a time, DuckDB SQL of a TIMESTAMP. */
export interface TableTime {
  readonly name: TableName;
  readonly time: string;
  /** Number of the table's columns that the statement sees. */
  readonly columns: number;
}

/** A table had other columns at its time: its first `columns` ones. A statement that can be bound again reads them. */
export class EarlierColumns extends BigqueryError {
  constructor(
    readonly key: string,
    readonly columns: number,
    message: string,
  ) {
    super({ reason: 'invalidQuery', location: 'query', message });
  }
}

/** Longest time travel of BigQuery. */
const WINDOW_MS = 7 * 86_400_000;

/**
 * Throws unless every table has the same rows now as at its time, because this server keeps no earlier ones, and unless
 * the statement sees the columns of that time.
 *
 * Source: docs/access-historical-data and docs/reference/standard-sql/query-syntax#for_system_time_as_of, from memory on 2026-11-29.
 */
export async function checkTableTimes(
  warehouse: Warehouse,
  connection: DuckDBConnection,
  times: readonly TableTime[],
): Promise<void> {
  for (const { name, time, columns } of times) {
    const reader = await connection.runAndReadAll(`SELECT epoch_ms(${time})`);
    const value = reader.getRows()[0]?.[0];
    if (value === null || value === undefined) throw invalidQuery('FOR SYSTEM_TIME AS OF must not be NULL');
    checkTime(warehouse, name, { atMs: Number(value), columns });
  }
}

function checkTime(
  warehouse: Warehouse,
  name: TableName,
  { atMs, columns }: { readonly atMs: number; readonly columns: number },
): void {
  const entry = warehouse.catalog.requireTable(name);
  const key = tableKey(name);
  const nowMs = warehouse.now();
  const earliestMs = Math.max(entry.createdMs, nowMs - WINDOW_MS);
  if (atMs > nowMs) throw invalidQuery(`Invalid snapshot time ${atMs} for table ${key}. It is in the future`);
  if (atMs < earliestMs)
    throw invalidQuery(`Invalid snapshot time ${atMs} for table ${key}. Cannot read before ${earliestMs}`);
  const rowsSinceMs = warehouse.rows.rowsSince(entry);
  const count = warehouse.columnChanges.countAt(key, entry.fields.length, atMs);
  if (atMs >= rowsSinceMs && count === columns) return;
  const changed = new Date(Math.max(rowsSinceMs, entry.modifiedMs)).toISOString();
  const message = `Not supported by this server: FOR SYSTEM_TIME AS OF a time before the last change of a table; ${key} changed at ${changed}`;
  if (atMs < rowsSinceMs || count === undefined) throw invalidQuery(message);
  throw new EarlierColumns(key, count, message);
}
