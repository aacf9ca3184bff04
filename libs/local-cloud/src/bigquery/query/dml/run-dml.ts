import { invalidQuery } from '../../rules/api-error.js';
import type { Field } from '../../rules/field-schema.js';
import { isJsonObject, type JsonObject } from '../../rules/json.js';
import { type TableName, tableKey } from '../../rules/table-resource.js';
import { type TableEntry, withCurrentTables } from '../../warehouse/catalog.js';
import { quoteName } from '../../warehouse/duckdb-types.js';
import { physicalName } from '../../warehouse/physical-tables.js';
import {
  asQueryError,
  type BoundSql,
  boundSql,
  type QueryEngine,
  type StatementResult,
} from '../query-engine.js';
import type { StatementContext } from '../statement-resolver.js';
import { fromClause } from '../translate/from.js';
import type { Scope } from '../translate/scope.js';
import { childOf, isSet, listOf, nameOf, nodeOf, notTranslated, refuseParts } from '../translate/sql-tree.js';
import { rootScope } from '../translate/translate.js';

/** Statements that change rows: INSERT, UPDATE, DELETE. */
export const DML_KINDS: ReadonlySet<string> = new Set(['insert', 'update', 'delete']);

/** Runs a statement that changes rows, alone in its table's write queue. */
export async function runDml(
  engine: QueryEngine,
  tree: unknown,
  context: StatementContext,
  dryRun: boolean,
): Promise<StatementResult> {
  const { kind, body } = nodeOf(tree);
  const target = targetOf(engine, body, context);
  const statementType = kind.toUpperCase();
  const bind = (): BoundSql => {
    const entry = engine.warehouse.catalog.requireTable(target);
    if (entry.kind === 'VIEW') throw invalidQuery(`Cannot modify the view ${tableKey(target)}`);
    const resolver = engine.resolver(context);
    return boundSql(TRANSLATIONS[kind]?.(body, entry, rootScope(resolver)) ?? '', resolver);
  };
  if (dryRun) {
    bind();
    return { statementType, fields: [], rows: [], target };
  }
  const { warehouse } = engine;
  const affectedRows = await warehouse.runtime(target).writes.change(() =>
    withCurrentTables(async () => {
      // The statement works on one DuckDB table that has all rows and columns.
      if (warehouse.catalog.table(target)?.kind === 'TABLE') await warehouse.rows.settle(target);
      return execute(engine, bind());
    }),
  );
  return { statementType, fields: [], rows: [], affectedRows, target };
}

async function execute(engine: QueryEngine, { sql, values, types, reads }: BoundSql): Promise<number> {
  const { database, rows } = engine.warehouse;
  try {
    return await rows.reading(reads, () =>
      database.transaction(async (connection) => (await connection.run(sql, values, types)).rowsChanged),
    );
  } catch (error) {
    throw asQueryError(error);
  }
}

function targetOf(engine: QueryEngine, body: JsonObject, context: StatementContext): TableName {
  const table = childOf(body, 'table') ?? {};
  const names = [table['catalog'], table['schema'], table['name']]
    .map(nameOf)
    .filter((name) => name !== undefined);
  return engine.resolver(context).tableName(names.flatMap((name) => name.split('.')));
}

type TranslateDml = (body: JsonObject, entry: TableEntry, scope: Scope) => string;

const TRANSLATIONS: Readonly<Record<string, TranslateDml>> = { insert, update, delete: remove };

function insert(body: JsonObject, entry: TableEntry, scope: Scope): string {
  refuseParts('INSERT', body, ['table', 'columns', 'values', 'query']);
  const names = listOf(body, 'columns').map((column) => nameOf(column) ?? '');
  const fields = names.length === 0 ? entry.fields : names.map((name) => fieldNamed(entry, name));
  // A NULL array is an empty one: columns that the statement leaves out get it too.
  const arrays = entry.fields.filter((field) => field.mode === 'REPEATED' && !fields.includes(field));
  const columns = [...fields, ...arrays].map((field) => quoteName(field.name)).join(', ');
  const empty = arrays.map(() => ', []').join('');
  const head = `INSERT INTO ${physicalName(entry.physical)} (${columns})`;
  if (isSet(body, 'query'))
    return `${head} SELECT *${empty} FROM (${scope.render.query(body['query'], scope)})`;
  const rows = listOf(body, 'values').map((row) => {
    const values = row as readonly unknown[];
    if (values.length !== fields.length)
      throw invalidQuery(
        `Inserted row has wrong column count; Has ${values.length}, expected ${fields.length}`,
      );
    return `(${values.map((value, index) => assigned(value, fields[index], scope)).join(', ')}${empty})`;
  });
  return `${head} VALUES ${rows.join(', ')}`;
}

function update(body: JsonObject, entry: TableEntry, scope: Scope): string {
  refuseParts('UPDATE', body, ['table', 'set', 'where_clause', 'from_clause']);
  const { alias, inner, from } = sourceScope(body, entry, scope);
  const assignments = listOf(body, 'set').map((entryPair) => {
    const [column, value] = entryPair as readonly unknown[];
    const name = (nameOf(column) ?? '').replace(new RegExp(`^${alias}\\.`, 'i'), '');
    if (name.includes('.')) throw notTranslated(`UPDATE of the nested field ${name}`);
    const field = fieldNamed(entry, name);
    return `${quoteName(field.name)} = ${assigned(value, field, inner)}`;
  });
  return `UPDATE ${physicalName(entry.physical)} AS ${quoteName(alias)} SET ${assignments.join(', ')}${from}${where('UPDATE', body, inner)}`;
}

function remove(body: JsonObject, entry: TableEntry, scope: Scope): string {
  refuseParts('DELETE', body, ['table', 'where_clause', 'alias']);
  const { alias, inner } = sourceScope(body, entry, scope);
  return `DELETE FROM ${physicalName(entry.physical)} AS ${quoteName(alias)}${where('DELETE', body, inner)}`;
}

function sourceScope(
  body: JsonObject,
  entry: TableEntry,
  scope: Scope,
): { alias: string; inner: Scope; from: string } {
  const alias = nameOf(body['alias']) ?? nameOf(childOf(body, 'table')?.['alias']) ?? entry.name.tableId;
  const target: Scope = { ...scope, sources: new Map([[alias.toLowerCase(), entry.fields]]), outer: scope };
  if (!isSet(body, 'from_clause')) return { alias, inner: target, from: '' };
  const from = fromClause({ from: body['from_clause'] }, target);
  return { alias, inner: from.scope, from: ` FROM ${from.sql}` };
}

function where(statement: string, body: JsonObject, scope: Scope): string {
  const clause = childOf(body, 'where_clause');
  if (clause === undefined) throw invalidQuery(`${statement} must have a WHERE clause`);
  return ` WHERE ${scope.render.expression(clause['this'], scope)}`;
}

function fieldNamed(entry: TableEntry, name: string): Field {
  const field = entry.fields.find((candidate) => candidate.name.toLowerCase() === name.toLowerCase());
  if (field === undefined)
    throw invalidQuery(`Column ${name} is not present in table ${tableKey(entry.name)}`);
  return field;
}

function assigned(value: unknown, field: Field | undefined, scope: Scope): string {
  if (isJsonObject(value) && isJsonObject(value['var']) && value['var']['this'] === 'DEFAULT')
    return 'DEFAULT';
  const sql = scope.render.expression(value, scope);
  // Literals of other numeric types are coerced; DuckDB does not know that this STRUCT is a number.
  if (field?.type !== 'BIGNUMERIC' || field.mode === 'REPEATED' || nodeOf(value).kind !== 'literal')
    return sql;
  return `bq_bignumeric(CAST(${sql} AS VARCHAR))`;
}
