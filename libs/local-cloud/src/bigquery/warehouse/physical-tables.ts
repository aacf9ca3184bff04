import type { DuckDBConnection } from '@duckdb/node-api';
import type { Field } from '../rules/field-schema.js';
import type { SchemaStep } from '../rules/schema-change.js';
import { ROWS_SCHEMA } from './database.js';
import { duckType, quoteName } from './duckdb-types.js';
import { retyping } from './type-conversion.js';

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

function columnDefinition(field: Field): string {
  if (field.mode === 'REPEATED') return `${duckType(field)} DEFAULT []`;
  return `${duckType(field)}${field.mode === 'REQUIRED' ? ' NOT NULL' : ''}`;
}

export async function dropPhysical(connection: DuckDBConnection, physical: string): Promise<void> {
  await connection.run(`DROP TABLE IF EXISTS ${physicalName(physical)}`);
}

/**
 * Applies the steps of a schema change; existing rows read NULL, or an empty array, in a new column.
 *
 * The empty arrays are written last: DuckDB refuses a second ALTER after a default or an update in one transaction.
 */
export async function applySteps(
  connection: DuckDBConnection,
  physical: string,
  steps: readonly SchemaStep[],
): Promise<void> {
  const table = physicalName(physical);
  for (const statement of steps.flatMap(alterations))
    await connection.run(`ALTER TABLE ${table} ${statement}`);
  const arrays = steps.flatMap((step) =>
    step.kind === 'add' && step.path.length === 0 && step.field.mode === 'REPEATED'
      ? [quoteName(step.field.name)]
      : [],
  );
  for (const column of arrays)
    await connection.run(`ALTER TABLE ${table} ALTER COLUMN ${column} SET DEFAULT []`);
  if (arrays.length > 0)
    await connection.run(`UPDATE ${table} SET ${arrays.map((column) => `${column} = []`).join(', ')}`);
}

function alterations(step: SchemaStep): string[] {
  switch (step.kind) {
    case 'add': {
      const above = step.path
        .map((part) => `${quoteName(part.name)}${part.repeated ? '.element' : ''}.`)
        .join('');
      return [`ADD COLUMN ${above}${quoteName(step.field.name)} ${duckType(step.field)}`];
    }
    case 'relax':
      return step.path.length === 1
        ? [`ALTER COLUMN ${quoteName(step.path[0]?.name ?? '')} DROP NOT NULL`]
        : [];
    case 'retype':
      return retyping(step.before, step.after);
  }
}
