import type { DuckDBConnection } from '@duckdb/node-api';
import { invalidQuery } from '../rules/api-error.js';
import { type TableName, tableKey } from '../rules/table-resource.js';
import type { Warehouse } from '../warehouse/warehouse.js';

/** A table that a statement reads as of a time, DuckDB SQL of a TIMESTAMP. */
export interface TableTime {
  readonly name: TableName;
  readonly time: string;
}

/** Longest time travel of BigQuery. */
const WINDOW_MS = 7 * 86_400_000;

/**
 * Throws unless every table has the same rows and columns now as at its time: this server keeps no earlier ones.
 *
 * Source: docs/access-historical-data and docs/reference/standard-sql/query-syntax#for_system_time_as_of, from memory on 2026-11-29.
 */
export async function checkTableTimes(
  warehouse: Warehouse,
  connection: DuckDBConnection,
  times: readonly TableTime[],
): Promise<void> {
  for (const { name, time } of times) {
    const reader = await connection.runAndReadAll(`SELECT epoch_ms(${time})`);
    const value = reader.getRows()[0]?.[0];
    if (value === null || value === undefined) throw invalidQuery('FOR SYSTEM_TIME AS OF must not be NULL');
    checkTime(warehouse, name, Number(value));
  }
}

function checkTime(warehouse: Warehouse, name: TableName, atMs: number): void {
  const entry = warehouse.catalog.requireTable(name);
  const key = tableKey(name);
  const nowMs = warehouse.now();
  const earliestMs = Math.max(entry.createdMs, nowMs - WINDOW_MS);
  if (atMs > nowMs) throw invalidQuery(`Invalid snapshot time ${atMs} for table ${key}. It is in the future`);
  if (atMs < earliestMs)
    throw invalidQuery(`Invalid snapshot time ${atMs} for table ${key}. Cannot read before ${earliestMs}`);
  const sinceMs = warehouse.rows.presentSince(entry);
  if (atMs < sinceMs)
    throw invalidQuery(
      `Not supported by this server: FOR SYSTEM_TIME AS OF a time before the last change of a table; ${key} changed at ${new Date(sinceMs).toISOString()}`,
    );
}
