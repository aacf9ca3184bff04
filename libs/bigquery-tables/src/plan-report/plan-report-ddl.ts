import { quoteName, toSqlType } from '@pipeline/google-clients';
import type { Column, Plan, PlannedChange, TableSchema } from '@pipeline/schema-inference';
import { describeNewTable } from '../schema-changes/new-table.js';
import { splitPlan } from '../schema-changes/split-plan.js';

/** A table by its names. */
export interface TableName {
  readonly projectId: string;
  readonly datasetId: string;
  readonly tableId: string;
}

/**
 * A plan as GoogleSQL, for people to read: what table-manager does by the API is the same.
 *
 * Shape: ``ALTER TABLE `p`.`d`.`orders` ADD COLUMN `note` STRING;``. Fields of a RECORD cannot be added, relaxed or closed
 * by a statement: those are comments that name `tables.patch`.
 * Source: GoogleSQL data definition statements; BigQuery, modifying table schemas, read 2026-11-23.
 */
export function toDdl(name: TableName, before: TableSchema | null, planned: Plan): readonly string[] {
  const table = [name.projectId, name.datasetId, name.tableId].map(quoteName).join('.');
  if (before === null) {
    return [toCreateTable(table, name.tableId, planned.schema)];
  }
  const { widened } = splitPlan(before.columns, planned.schema.columns);
  const patched = planned.changes.flatMap((change) => toStatements(table, name.tableId, change));
  const types = widened.map(
    (column) =>
      `ALTER TABLE ${table} ALTER COLUMN ${quoteName(column.name)} SET DATA TYPE ${toSqlType(column)};`,
  );
  return [...patched, ...types];
}

function toCreateTable(table: string, tableId: string, schema: TableSchema): string {
  const { columns, partitionBy, clusterBy, labels, description } = describeNewTable(tableId, schema);
  const labelList = Object.entries(labels).map(([key, value]) => `(${toText(key)}, ${toText(value)})`);
  return [
    `CREATE TABLE ${table} (`,
    columns.map((column) => `  ${toColumnDefinition(column)}`).join(',\n'),
    ')',
    `PARTITION BY DATE(${quoteName(partitionBy)})`,
    ...(clusterBy.length === 0 ? [] : [`CLUSTER BY ${clusterBy.map(quoteName).join(', ')}`]),
    `OPTIONS (description = ${toText(description)}, labels = [${labelList.join(', ')}]);`,
  ].join('\n');
}

function toStatements(table: string, tableId: string, change: PlannedChange): readonly string[] {
  const [name = ''] = change.path;
  const isTopLevel = change.path.length === 1;
  const path = [tableId, ...change.path].join('.');
  switch (change.kind) {
    case 'ADD_COLUMN':
      return isTopLevel
        ? [`ALTER TABLE ${table} ADD COLUMN ${toColumnDefinition(change.column)};`]
        : [`-- tables.patch: ${path} ${toSqlType(change.column)}`];
    case 'RELAX':
      return isTopLevel
        ? [`ALTER TABLE ${table} ALTER COLUMN ${quoteName(name)} DROP NOT NULL;`]
        : [`-- tables.patch: ${path} NULLABLE`];
    case 'CLOSE_RECORD':
      return [`-- tables.patch: ${path} takes no more fields`];
    case 'CLOSE_TABLE':
      return [`-- tables.patch: ${path} takes no more columns, label pipeline_schema=closed`];
    case 'WIDEN':
      return []; // one statement for each top-level column, from the schema afterwards
  }
}

function toColumnDefinition(column: Column): string {
  const required = column.mode === 'REQUIRED' ? ' NOT NULL' : '';
  const { description } = column;
  const options = description === undefined ? '' : ` OPTIONS (description = ${toText(description)})`;
  return `${quoteName(column.name)} ${toSqlType(column)}${required}${options}`;
}

/** A GoogleSQL string literal: JSON's escapes are all among its own. */
function toText(text: string): string {
  return JSON.stringify(text);
}
