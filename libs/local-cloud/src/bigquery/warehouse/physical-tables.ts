import type { DuckDBConnection } from '@duckdb/node-api';
import type { Field } from '../rules/field-schema.js';
import type { SchemaStep } from '../rules/schema-change.js';
import { ROWS_SCHEMA } from './database.js';
import { duckType, quoteName } from './duckdb-types.js';
import { conversion, emptyValue } from './type-conversion.js';

/** `bq."t7"`: the DuckDB name of a table's rows. */
export function physicalName(physical: string): string {
  return `${ROWS_SCHEMA}.${quoteName(physical)}`;
}

/** A name for new rows that no table had before, so that a table made anew never meets its predecessor's rows. */
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
  await connection.run(`DROP TABLE IF EXISTS ${physicalName(physical)}`);
}

/** A table's columns before and after a change, with the steps between them. */
export interface PhysicalChange {
  readonly before: readonly Field[];
  readonly after: readonly Field[];
  readonly steps: readonly SchemaStep[];
}

/**
 * Changes a table's columns and gives the name that its rows have then; existing rows read NULL, or an empty array, in
 * a new column.
 *
 * Another type for a column, and a field more in a record, rewrite the rows into a new table: DuckDB 1.5.6 cannot replay
 * such an ALTER from its log after a crash ("no default database set").
 */
export async function changePhysical(
  connection: DuckDBConnection,
  physical: string,
  change: PhysicalChange,
): Promise<string> {
  if (change.before.length === 0) {
    await createPhysical(connection, physical, change.after);
    return physical;
  }
  if (change.steps.some(needsRewrite)) return rewrite(connection, physical, change);
  const table = physicalName(physical);
  for (const statement of change.steps.flatMap(alterations))
    await connection.run(`ALTER TABLE ${table} ${statement}`);
  const arrays = change.steps.flatMap((step) =>
    step.kind === 'add' && step.path.length === 0 && step.field.mode === 'REPEATED'
      ? [`${quoteName(step.field.name)} = []`]
      : [],
  );
  if (arrays.length > 0) await connection.run(`UPDATE ${table} SET ${arrays.join(', ')}`);
  return physical;
}

async function rewrite(
  connection: DuckDBConnection,
  physical: string,
  change: PhysicalChange,
): Promise<string> {
  const next = await nextPhysical(connection);
  await createPhysical(connection, next, change.after);
  const values = change.after.map((field, index) => {
    const old = change.before[index];
    if (old !== undefined) return conversion(quoteName(old.name), old, field);
    return emptyValue(field);
  });
  await connection.run(
    `INSERT INTO ${physicalName(next)} SELECT ${values.join(', ')} FROM ${physicalName(physical)}`,
  );
  await dropPhysical(connection, physical);
  return next;
}

function needsRewrite(step: SchemaStep): boolean {
  if (step.kind === 'retype') return duckType(step.before) !== duckType(step.after);
  return step.kind === 'add' && step.path.length > 0;
}

function alterations(step: SchemaStep): string[] {
  const [first] = step.kind === 'relax' && step.path.length === 1 ? step.path : [];
  if (first !== undefined) return [`ALTER COLUMN ${quoteName(first.name)} DROP NOT NULL`];
  return step.kind === 'add' ? [`ADD COLUMN ${quoteName(step.field.name)} ${duckType(step.field)}`] : [];
}
