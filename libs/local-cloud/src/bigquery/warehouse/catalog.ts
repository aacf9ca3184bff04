import { type DuckDBConnection, listValue } from '@duckdb/node-api';
import { messageOf, notFound } from '../rules/api-error.js';
import type { DroppedColumns } from '../rules/dropped-columns.js';
import type { Field } from '../rules/field-schema.js';
import type { JsonObject } from '../rules/json.js';
import { expirationMs, type TableName, tableKey } from '../rules/table-resource.js';
import type { Database } from './database.js';

/** A dataset as the catalog keeps it; `properties` are the caller's, times in milliseconds. */
export interface DatasetEntry {
  readonly projectId: string;
  readonly datasetId: string;
  readonly properties: JsonObject;
  readonly createdMs: number;
  readonly modifiedMs: number;
  readonly etag: string;
}

/**
 * A table or view as the catalog keeps it; `physical` names the DuckDB table of its settled rows, and is empty without
 * one. That table may have the columns of an earlier schema and lack recent rows: RowStorage reads both.
 */
export interface TableEntry {
  readonly name: TableName;
  readonly kind: 'TABLE' | 'VIEW';
  readonly physical: string;
  readonly fields: readonly Field[];
  readonly properties: JsonObject;
  readonly createdMs: number;
  readonly modifiedMs: number;
  readonly etag: string;
  readonly droppedColumns?: DroppedColumns;
  /** Partitioned by ingestion time, so that its rows are stored with it (ingestion-time.ts). */
  readonly hasIngestionTime?: boolean;
}

/** Kinds of entries in DuckDB. */
type EntryKind = 'dataset' | 'table' | 'routine';

/** Identifies a routine of a dataset. */
export interface RoutineName {
  readonly projectId: string;
  readonly datasetId: string;
  readonly routineId: string;
}

/** A SQL function that a dataset keeps, as the texts of its definition; without a type, a parameter takes any. */
export interface RoutineEntry {
  readonly name: RoutineName;
  readonly kind: 'SCALAR_FUNCTION' | 'TABLE_VALUED_FUNCTION';
  readonly parameters: readonly { readonly name: string; readonly type?: string }[];
  readonly returns?: string;
  readonly body: string;
  readonly description?: string;
  readonly createdMs: number;
  readonly modifiedMs: number;
  readonly etag: string;
}

/** `project:dataset.routine`. */
export function routineKey({ projectId, datasetId, routineId }: RoutineName): string {
  return `${projectId}:${datasetId}.${routineId}`;
}

/**
 * Datasets, tables and routines, in memory for reading and in DuckDB for keeping.
 *
 * Writing takes the caller's transaction, and memory changes only after it is committed.
 */
export class Catalog {
  readonly #datasets = new Map<string, DatasetEntry>();
  readonly #tables = new Map<string, TableEntry>();
  /** Ids of a dataset's tables in order, since they were last listed. */
  readonly #tableIds = new Map<string, readonly string[]>();
  readonly #routines = new Map<string, RoutineEntry>();
  readonly #expiring = new Map<string, TableEntry>();

  /** Reads what DuckDB holds; returns per table key the number of the last logged change that it includes. */
  async load(database: Database): Promise<ReadonlyMap<string, number>> {
    const { entries, applied } = await database.use(async (connection) => ({
      entries: (await connection.runAndReadAll('SELECT kind, entry FROM catalog.entries')).getRows(),
      applied: (await connection.runAndReadAll('SELECT key, n FROM catalog.applied')).getRows(),
    }));
    for (const [kind, text] of entries) {
      const entry: unknown = JSON.parse(String(text));
      if (kind === 'dataset') this.putDataset(entry as DatasetEntry);
      else if (kind === 'routine') this.putRoutine(entry as RoutineEntry);
      else this.putTable(entry as TableEntry);
    }
    return new Map(applied.map(([key, n]) => [String(key), Number(n)]));
  }

  dataset(projectId: string, datasetId: string): DatasetEntry | undefined {
    return this.#datasets.get(`${projectId}:${datasetId}`);
  }

  /** The dataset, or 404 `Not found: Dataset p:d`. */
  requireDataset(projectId: string, datasetId: string): DatasetEntry {
    const entry = this.dataset(projectId, datasetId);
    if (entry === undefined) throw notFound(`Dataset ${projectId}:${datasetId}`);
    return entry;
  }

  table(name: TableName): TableEntry | undefined {
    return this.#tables.get(tableKey(name));
  }

  /** The table, or 404 naming the dataset or the table, whichever is missing. */
  requireTable(name: TableName): TableEntry {
    const entry = this.table(name);
    if (entry !== undefined) return entry;
    this.requireDataset(name.projectId, name.datasetId);
    throw notFound(`Table ${tableKey(name)}`);
  }

  datasets(projectId: string): DatasetEntry[] {
    return sorted(
      [...this.#datasets.values()].filter((d) => d.projectId === projectId),
      (d) => d.datasetId,
    );
  }

  /** Tables and views of a dataset in the order of their names. */
  tables(projectId: string, datasetId: string): TableEntry[] {
    const ids = this.#tableIds.get(`${projectId}:${datasetId}`) ?? this.#listTableIds(projectId, datasetId);
    return ids.flatMap((tableId) => this.table({ projectId, datasetId, tableId }) ?? []);
  }

  #listTableIds(projectId: string, datasetId: string): readonly string[] {
    const inside = [...this.#tables.values()].filter(
      ({ name }) => name.projectId === projectId && name.datasetId === datasetId,
    );
    const ids = sorted(
      inside.map(({ name }) => name.tableId),
      (tableId) => tableId,
    );
    this.#tableIds.set(`${projectId}:${datasetId}`, ids);
    return ids;
  }

  projectIds(): string[] {
    return [...new Set([...this.#datasets.values()].map((dataset) => dataset.projectId))].sort();
  }

  allTables(): TableEntry[] {
    return [...this.#tables.values()];
  }

  allViews(): TableEntry[] {
    return [...this.#tables.values()].filter((table) => table.kind === 'VIEW');
  }

  /** Tables and views that have an expiration. */
  expiringTables(): TableEntry[] {
    return [...this.#expiring.values()];
  }

  putDataset(entry: DatasetEntry): void {
    this.#datasets.set(`${entry.projectId}:${entry.datasetId}`, entry);
  }

  putTable(entry: TableEntry): void {
    const key = tableKey(entry.name);
    if (!this.#tables.has(key)) this.#forgetTableIds(entry.name);
    this.#tables.set(key, entry);
    if (expirationMs(entry.properties) === undefined) this.#expiring.delete(key);
    else this.#expiring.set(key, entry);
  }

  #forgetTableIds({ projectId, datasetId }: TableName): void {
    this.#tableIds.delete(`${projectId}:${datasetId}`);
  }

  routine(name: RoutineName): RoutineEntry | undefined {
    return this.#routines.get(routineKey(name));
  }

  /** The routine, or 404 naming the dataset or the routine, whichever is missing. */
  requireRoutine(name: RoutineName): RoutineEntry {
    const entry = this.routine(name);
    if (entry !== undefined) return entry;
    this.requireDataset(name.projectId, name.datasetId);
    throw notFound(`Routine ${routineKey(name)}`);
  }

  routines(projectId: string, datasetId: string): RoutineEntry[] {
    const inside = [...this.#routines.values()].filter(
      ({ name }) => name.projectId === projectId && name.datasetId === datasetId,
    );
    return sorted(inside, (routine) => routine.name.routineId);
  }

  putRoutine(entry: RoutineEntry): void {
    this.#routines.set(routineKey(entry.name), entry);
  }

  removeRoutine(name: RoutineName): void {
    this.#routines.delete(routineKey(name));
  }

  removeDataset(projectId: string, datasetId: string): void {
    this.#datasets.delete(`${projectId}:${datasetId}`);
  }

  removeTable(name: TableName): void {
    this.#forgetTableIds(name);
    this.#tables.delete(tableKey(name));
    this.#expiring.delete(tableKey(name));
  }
}

/** A table's rows moved, or its schema changed, between the binding of a query and its execution. */
export class StaleRead extends Error {
  constructor() {
    super('The tables changed while the query was prepared.');
  }
}

/** Attempts of a reader whose tables keep changing. */
const MAX_READ_ATTEMPTS = 50;

/** Runs a reader again when its tables changed between its look into the catalog and its query. */
export async function withCurrentTables<T>(read: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await read();
    } catch (error) {
      const isStale =
        error instanceof StaleRead || /Table with name t\d+ does not exist/.test(messageOf(error));
      if (attempt === MAX_READ_ATTEMPTS || !isStale) throw error;
    }
  }
}

function sorted<T>(entries: T[], key: (entry: T) => string): T[] {
  return entries.sort((a, b) => (key(a) < key(b) ? -1 : 1));
}

/**
 * Writes an entry inside a transaction, in place of the one it replaces. `applied`: number of the last logged change of
 * the table that DuckDB includes after the transaction.
 *
 * Invariant: the stored entry of a table has the columns of its DuckDB table.
 */
export async function storeEntry(
  connection: DuckDBConnection,
  kind: EntryKind,
  key: string,
  entry: DatasetEntry | TableEntry | RoutineEntry,
  applied: number,
): Promise<void> {
  await deleteEntry(connection, kind, key, applied);
  await connection.run('INSERT INTO catalog.entries VALUES ($1, $2, $3)', [kind, key, JSON.stringify(entry)]);
}

export function deleteEntry(
  connection: DuckDBConnection,
  kind: EntryKind,
  key: string,
  applied: number,
): Promise<void> {
  return deleteEntries(connection, kind, [key], applied);
}

/** Keys in one statement: each statement reads all entries. */
const KEYS_AT_ONCE = 1_000;

/** Removes entries inside a transaction; `applied` as for {@link storeEntry}. */
export async function deleteEntries(
  connection: DuckDBConnection,
  kind: EntryKind,
  keys: readonly string[],
  applied: number,
): Promise<void> {
  for (let start = 0; start < keys.length; start += KEYS_AT_ONCE) {
    const some = listValue(keys.slice(start, start + KEYS_AT_ONCE));
    const isOneOf = 'key IN (SELECT unnest($1::VARCHAR[]))';
    await connection.run(`DELETE FROM catalog.entries WHERE kind = '${kind}' AND ${isOneOf}`, [some]);
    if (kind !== 'table') continue;
    await connection.run(`DELETE FROM catalog.applied WHERE ${isOneOf}`, [some]);
    await connection.run('INSERT INTO catalog.applied SELECT unnest($1::VARCHAR[]), $2', [
      some,
      BigInt(applied),
    ]);
  }
}
