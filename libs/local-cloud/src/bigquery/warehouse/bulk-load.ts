import type { DuckDBConnection } from '@duckdb/node-api';
import type { Cell } from '../rules/cell.js';
import type { Field } from '../rules/field-schema.js';
import { type Database, ROWS_SCHEMA } from './database.js';
import { quoteNames } from './duckdb-types.js';
import { physicalName } from './physical-tables.js';
import { RecentImage } from './recent-image.js';
import { appendRows } from './row-store.js';
import { decodeRow } from './row-text.js';

/** A bulk load of rows into a DuckDB table; `release` frees what it has prepared, also after a failure. */
export interface BulkLoad {
  readonly into: (connection: DuckDBConnection, physical: string) => Promise<void>;
  readonly release: () => void;
}

/**
 * Prepares the bulk load of encoded rows. Rows of a wide table that use few of its columns go through a table in memory
 * that has these alone, because DuckDB's appender takes every cell, and NULLs cost as much as values.
 */
export async function prepareLoad(
  database: Database,
  fields: readonly Field[],
  texts: readonly string[],
): Promise<BulkLoad> {
  const nothing = (): void => undefined;
  if (texts.length === 0) return { into: () => Promise.resolve(), release: nothing };
  const used = usedFields(texts, fields);
  if (used.length === 0 || used.length * 2 > fields.length)
    return {
      into: (connection, physical) =>
        appendRows(connection, { table: physical, schema: ROWS_SCHEMA }, fields, decoded(texts, fields)),
      release: nothing,
    };
  const staged = new RecentImage(fields, used);
  await staged.fill(database, texts);
  const empty = fields.filter((field) => field.mode === 'REPEATED' && !used.includes(field));
  const values = [quoteNames(used), ...empty.map(() => '[]')].join(', ');
  return {
    into: async (connection, physical) => {
      await connection.run(
        `INSERT INTO ${physicalName(physical)} (${quoteNames([...used, ...empty])}) SELECT ${values} FROM ${staged.sqlName}`,
      );
    },
    release: () => void staged.drop(database).catch(() => undefined),
  };
}

/** Columns that any of the rows has a value for. */
function usedFields(texts: readonly string[], fields: readonly Field[]): Field[] {
  const used = new Set<string>();
  for (const text of texts) for (const name of Object.keys(JSON.parse(text) as object)) used.add(name);
  return fields.filter((field) => used.has(field.name));
}

function* decoded(texts: readonly string[], fields: readonly Field[]): Generator<Cell[]> {
  for (const text of texts) yield decodeRow(text, fields);
}
