import { allRows, type Sql } from '@pipeline/google-clients';
import type { ChangeVerb } from '@pipeline/schema-inference';
import { numberOf, textOf } from './sql-row.js';

/** One event table at a glance. */
export interface TableOverview {
  readonly table: string;
  /** Columns and nested fields. */
  readonly columns: number;
  readonly createdAt: string;
}

/** The verbs of a contract for new columns and wider types; without a contract both evolve. */
export interface TableVerbs {
  readonly newColumns: ChangeVerb;
  readonly typeChanges: ChangeVerb;
}

/** The verbs of the tables that have some other than `evolve`, from their labels: no row is read. Verbs of single columns are left out. */
export async function tableVerbs(sql: Sql, tables: readonly string[]): Promise<Map<string, TableVerbs>> {
  if (tables.length === 0) return new Map();
  const rows = await allRows(sql, {
    sql: `SELECT table_name, option_value FROM ${sql.name('INFORMATION_SCHEMA.TABLE_OPTIONS')}
WHERE option_name = 'labels' AND table_name IN UNNEST(@tables)
  AND (STRPOS(option_value, '"pipeline_new_columns"') > 0 OR STRPOS(option_value, '"pipeline_type_changes"') > 0)`,
    parameters: { tables },
  });
  const verbs = rows.map((row): [string, TableVerbs] => {
    const labels = textOf(row, 'option_value');
    return [
      textOf(row, 'table_name'),
      {
        newColumns: verbIn(labels, 'pipeline_new_columns'),
        typeChanges: verbIn(labels, 'pipeline_type_changes'),
      },
    ];
  });
  return new Map(
    verbs.filter(([, { newColumns, typeChanges }]) => newColumns !== 'evolve' || typeChanges !== 'evolve'),
  );
}

/** Shape of the labels: `[STRUCT("pipeline_new_columns", "approve"), …]`. Source: BigQuery INFORMATION_SCHEMA.TABLE_OPTIONS, from memory. */
function verbIn(labels: string, name: string): ChangeVerb {
  const [, verb] = new RegExp(`"${name}",\\s*"(approve|overflow)"`).exec(labels) ?? [];
  return verb === 'approve' || verb === 'overflow' ? verb : 'evolve';
}

/** The tables named, from BigQuery's own catalogue: no row is read. */
export async function tableOverviews(sql: Sql, tables: readonly string[]): Promise<TableOverview[]> {
  if (tables.length === 0) return [];
  const rows = await allRows(sql, {
    sql: `SELECT tables.table_name AS table_name, MIN(tables.creation_time) AS created_at, COUNT(*) AS columns
FROM ${sql.name('INFORMATION_SCHEMA.TABLES')} AS tables
JOIN ${sql.name('INFORMATION_SCHEMA.COLUMN_FIELD_PATHS')} AS paths ON paths.table_name = tables.table_name
WHERE tables.table_name IN UNNEST(@tables)
GROUP BY tables.table_name ORDER BY tables.table_name`,
    parameters: { tables },
  });
  return rows.map((row) => ({
    table: textOf(row, 'table_name'),
    columns: numberOf(row, 'columns'),
    createdAt: textOf(row, 'created_at'),
  }));
}
