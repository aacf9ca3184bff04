import type { DuckDBConnection } from '@duckdb/node-api';
import type { Field } from '../rules/field-schema.js';
import { ROWS_SCHEMA } from './database.js';
import { duckType, quoteName } from './duckdb-types.js';
import { conversion, emptyValue } from './type-conversion.js';

/** `bq."t7"`: the DuckDB name of a table's rows. */
export function physicalName(physical: string): string {
  return `${ROWS_SCHEMA}.${quoteName(physical)}`;
}

/** A name for new rows that no table had before, so that a recreated table never sees its predecessor's rows. */
export async function nextPhysical(connection: DuckDBConnection): Promise<string> {
  const [row] = (await connection.runAndReadAll("SELECT nextval('catalog.physical')")).getRows();
  return `t${String(row?.[0])}`;
}

export async function createPhysical(
  connection: DuckDBConnection,
  physical: string,
  fields: readonly Field[],
): Promise<void> {
  // DuckDB has no table without columns; BigQuery has, until its first patch.
  if (fields.length === 0) return;
  const columns = fields.map((field) => `${quoteName(field.name)} ${columnDefinition(field)}`);
  await connection.run(`CREATE TABLE ${physicalName(physical)} (${columns.join(', ')})`);
}

// No defaults and no functions: DuckDB cannot read such an ALTER back from its log after a crash.
function columnDefinition(field: Field): string {
  return `${duckType(field)}${field.mode === 'REQUIRED' ? ' NOT NULL' : ''}`;
}

export async function dropPhysical(connection: DuckDBConnection, physical: string): Promise<void> {
  if (physical !== '') await connection.run(`DROP TABLE IF EXISTS ${physicalName(physical)}`);
}

/** Columns that are added in place; more of them cost less by rewriting, because DuckDB alters one at a time. */
const MAX_ALTERED_COLUMNS = 16;

/** Cost of bringing a DuckDB table from one schema to another: nothing, a few ALTERs, or its rows written again. */
export function costOfChange(
  before: readonly Field[],
  after: readonly Field[],
): 'none' | 'alter' | 'rewrite' {
  if (before === after) return 'none';
  const isRetyped = before.some((field, index) => {
    const next = after[index];
    return next === undefined || next.name !== field.name || duckType(next) !== duckType(field);
  });
  if (isRetyped || after.length - before.length > MAX_ALTERED_COLUMNS) return 'rewrite';
  return after.length === before.length && relaxed(before, after).length === 0 ? 'none' : 'alter';
}

/**
 * Brings a DuckDB table to the columns `after`, which are those of `before`, relaxed or widened, and new ones behind
 * them at any depth. Returns the name that its rows have then.
 *
 * A wider type and a new field of a record rewrite the rows into a new table: DuckDB 1.5.6 cannot replay such an ALTER
 * from its log after a crash ("no default database set").
 */
export async function changePhysical(
  connection: DuckDBConnection,
  physical: string,
  before: readonly Field[],
  after: readonly Field[],
): Promise<string> {
  switch (costOfChange(before, after)) {
    case 'none':
      return physical;
    case 'alter':
      await alter(connection, physical, before, after);
      return physical;
    case 'rewrite':
      return rewrite(connection, physical, before, after);
  }
}

async function alter(
  connection: DuckDBConnection,
  physical: string,
  before: readonly Field[],
  after: readonly Field[],
): Promise<void> {
  const table = physicalName(physical);
  for (const field of relaxed(before, after))
    await connection.run(`ALTER TABLE ${table} ALTER COLUMN ${quoteName(field.name)} DROP NOT NULL`);
  const added = after.slice(before.length);
  for (const field of added)
    await connection.run(`ALTER TABLE ${table} ADD COLUMN ${quoteName(field.name)} ${duckType(field)}`);
  const arrays = added.filter((field) => field.mode === 'REPEATED');
  if (arrays.length > 0)
    await connection.run(
      `UPDATE ${table} SET ${arrays.map((field) => `${quoteName(field.name)} = []`).join(', ')}`,
    );
}

function relaxed(before: readonly Field[], after: readonly Field[]): Field[] {
  return before.filter((field, index) => field.mode === 'REQUIRED' && after[index]?.mode !== 'REQUIRED');
}

async function rewrite(
  connection: DuckDBConnection,
  physical: string,
  before: readonly Field[],
  after: readonly Field[],
): Promise<string> {
  const next = await nextPhysical(connection);
  await createPhysical(connection, next, after);
  const values = convertedColumns(before, after, after);
  await connection.run(
    `INSERT INTO ${physicalName(next)} SELECT ${values.join(', ')} FROM ${physicalName(physical)}`,
  );
  await dropPhysical(connection, physical);
  return next;
}

/** SQL values of `wanted`, columns of `after`, from a DuckDB table that has the columns `before`. */
export function convertedColumns(
  before: readonly Field[],
  after: readonly Field[],
  wanted: readonly Field[],
): string[] {
  const positions = new Map(after.map((field, index) => [field, index]));
  return wanted.map((field) => {
    const old = before[positions.get(field) ?? -1];
    return old === undefined ? emptyValue(field) : conversion(quoteName(old.name), old, field);
  });
}
