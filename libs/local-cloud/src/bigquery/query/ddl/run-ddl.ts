import { deleteDataset, insertDataset } from '../../operations/dataset-operations.js';
import { changeTable, createTable, deleteTable } from '../../operations/table-operations.js';
import { BigqueryError, invalidQuery } from '../../rules/api-error.js';
import type { Field } from '../../rules/field-schema.js';
import { type JsonObject, objectAt, stringAt } from '../../rules/json.js';
import { checkTableId } from '../../rules/names.js';
import { type TableName, tableKey } from '../../rules/table-resource.js';
import { type TableEntry, withCurrentTables } from '../../warehouse/catalog.js';
import { insertColumns } from '../dml/insert-columns.js';
import { physicalName } from '../../warehouse/physical-tables.js';
import {
  type BoundQuery,
  type QueryEngine,
  resultFields,
  type StatementResult,
  type Surroundings,
} from '../query-engine.js';
import { quotePath } from '../compile/names.js';
import { parseQuery } from '../syntax/parse.js';
import type { StatementContext } from '../statement-resolver.js';
import { planAlter } from './alter-table.js';
import { isRenaming, renameParts } from './rename-table.js';
import type { CreateManner, DdlStatement } from './ddl-statement.js';
import { createFunction, dropFunction } from './run-function-ddl.js';
import { propertiesOfOptions, splitPartitionOptions } from './table-options.js';

type Create = Extract<DdlStatement, { kind: 'createTable' }>;

/** A statement's text and the names it may use. */
export interface DdlRequest {
  readonly sql: string;
  readonly context: StatementContext;
  readonly around: Surroundings;
}

/** Runs a data definition statement. */
export async function runDdl(
  engine: QueryEngine,
  statement: DdlStatement,
  request: DdlRequest,
): Promise<StatementResult> {
  const { warehouse } = engine;
  const { context } = request;
  switch (statement.kind) {
    case 'createTable':
      return withCurrentTables(() => createFrom(engine, statement, request));
    case 'createView':
      return createView(engine, statement, context);
    case 'createSchema':
      return createSchema(engine, statement, context);
    case 'dropSchema': {
      const dataset = datasetOf(statement.path, context);
      const known = warehouse.catalog.dataset(dataset.projectId, dataset.datasetId) !== undefined;
      if (!known && statement.ifExists) return ddl('DROP_SCHEMA', 'SKIP');
      await deleteDataset(warehouse, dataset, statement.cascade);
      return ddl('DROP_SCHEMA', 'DROP');
    }
    case 'createFunction':
      return createFunction(engine, statement, context);
    case 'dropFunction':
      return dropFunction(engine, statement, context);
    case 'drop':
      return drop(engine, statement, context);
    case 'truncate':
      return truncate(engine, nameOf(engine, statement.path, context));
    case 'alterTable': {
      const name = nameOf(engine, statement.path, context);
      if (statement.ifExists && warehouse.catalog.table(name) === undefined)
        return ddl('ALTER_TABLE', 'SKIP', name);
      if (statement.actions.some(isRenaming)) await renameParts(warehouse, name, statement.actions);
      else await changeTable(warehouse, name, undefined, (present) => planAlter(present, statement.actions));
      return ddl('ALTER_TABLE', 'ALTER', name);
    }
  }
}

function ddl(statementType: string, ddlOperation: string, target?: TableName): StatementResult {
  return { statementType, ddlOperation, fields: [], rows: [], ...(target === undefined ? {} : { target }) };
}

function nameOf(engine: QueryEngine, path: readonly string[], context: StatementContext): TableName {
  return engine.resolver(context).tableName(path);
}

function datasetOf(
  path: readonly string[],
  context: StatementContext,
): { projectId: string; datasetId: string } {
  return { projectId: path.length > 1 ? (path[0] ?? '') : context.projectId, datasetId: path.at(-1) ?? '' };
}

function isSkipped(engine: QueryEngine, name: TableName, manner: CreateManner): boolean {
  return manner === 'createIfNotExists' && engine.warehouse.catalog.table(name) !== undefined;
}

function operationOf(engine: QueryEngine, name: TableName, manner: CreateManner): 'CREATE' | 'REPLACE' {
  return manner === 'createOrReplace' && engine.warehouse.catalog.table(name) !== undefined
    ? 'REPLACE'
    : 'CREATE';
}

async function tableNameOf(
  engine: QueryEngine,
  { path, temporary }: Create,
  context: StatementContext,
): Promise<TableName> {
  if (!temporary) return nameOf(engine, path, context);
  if (context.nameTemporary === undefined)
    throw invalidQuery('Use of CREATE TEMPORARY TABLE requires a script or session');
  return context.nameTemporary(path.at(-1) ?? '');
}

async function createFrom(
  engine: QueryEngine,
  statement: Create,
  request: DdlRequest,
): Promise<StatementResult> {
  const { context } = request;
  const { manner, asQuery } = statement;
  const name = await tableNameOf(engine, statement, context);
  checkTableId(name.tableId);
  const statementType = asQuery === undefined ? 'CREATE_TABLE' : 'CREATE_TABLE_AS_SELECT';
  if (isSkipped(engine, name, manner)) return ddl(statementType, 'SKIP', name);
  const like = sourceOf(engine, statement, context);
  const text = asQuery ?? like?.rows;
  const source = text === undefined ? undefined : await bindQuery(engine, text, request);
  const fields =
    statement.fields ??
    like?.entry.fields ??
    (source === undefined ? undefined : resultFields(source, 'strict'));
  if (fields === undefined) throw invalidQuery('CREATE TABLE needs columns or a query.');
  const operation = operationOf(engine, name, manner);
  await createTable(engine.warehouse, {
    name,
    kind: 'TABLE',
    fields,
    properties: { ...like?.properties, ...tableProperties(statement) },
    replace: manner === 'createOrReplace',
    ...(source === undefined
      ? {}
      : {
          fill: (connection, entry) =>
            engine.warehouse.rows.reading(source.reads, async () => {
              await engine.checkTimes(connection, source);
              const columns = insertColumns(entry, entry.fields, engine.warehouse.now());
              await connection.run(
                `INSERT INTO ${physicalName(entry.physical)} (${columns.names}) SELECT ${columns.values}* FROM (${source.sql})`,
                source.values,
                source.types,
              );
            }),
        }),
  });
  return ddl(statementType, operation, name);
}

/**
 * The table of LIKE, COPY or CLONE with the query of the rows to copy.
 *
 * Source: docs/reference/standard-sql/data-definition-language#create_table_like, from memory.
 */
function sourceOf(
  engine: QueryEngine,
  { source }: Create,
  context: StatementContext,
):
  | { readonly entry: TableEntry; readonly properties: JsonObject; readonly rows: string | undefined }
  | undefined {
  if (source === undefined) return undefined;
  const { manner, path } = source;
  const entry = engine.warehouse.catalog.requireTable(nameOf(engine, path, context));
  const key = tableKey(entry.name);
  if (entry.kind === 'VIEW') throw invalidQuery(`CREATE TABLE ${manner} needs a table, but ${key} is a view`);
  const properties = Object.fromEntries(
    Object.entries(entry.properties).filter(([name]) => name !== 'expirationTime'),
  );
  if (manner === 'LIKE') return { entry, properties, rows: undefined };
  if (entry.hasIngestionTime === true)
    throw invalidQuery(
      `Not supported by this server: CREATE TABLE ${manner} of ${key}, which is partitioned by ingestion time`,
    );
  const { projectId, datasetId, tableId } = entry.name;
  const filter = stringAt(objectAt(properties, 'timePartitioning'), 'field');
  const where = filter === undefined ? '' : ` WHERE ${quotePath([filter])} IS NULL OR TRUE`;
  return { entry, properties, rows: `SELECT * FROM ${quotePath([projectId, datasetId, tableId])}${where}` };
}

async function bindQuery(
  engine: QueryEngine,
  sql: string,
  { context, around }: DdlRequest,
): Promise<BoundQuery> {
  const tree = parseQuery(sql);
  await engine.check(tree, sql, context, around);
  return engine.bind(tree, sql, context, around);
}

function tableProperties(statement: Create): JsonObject {
  const { partitionBy, clusterBy } = statement;
  const { rest, expirationMs } = splitPartitionOptions(statement.options);
  return {
    ...propertiesOfOptions(rest),
    ...(partitionBy === undefined
      ? {}
      : {
          timePartitioning: {
            type: partitionBy.type,
            ...(partitionBy.field === undefined ? {} : { field: partitionBy.field }),
            ...(expirationMs === undefined ? {} : { expirationMs }),
          },
        }),
    ...(clusterBy === undefined ? {} : { clustering: { fields: clusterBy } }),
  };
}

async function createView(
  engine: QueryEngine,
  statement: Extract<DdlStatement, { kind: 'createView' }>,
  context: StatementContext,
): Promise<StatementResult> {
  const name = nameOf(engine, statement.path, context);
  checkTableId(name.tableId);
  if (isSkipped(engine, name, statement.manner)) return ddl('CREATE_VIEW', 'SKIP', name);
  const fields: readonly Field[] = await engine.describeView(statement.query, name);
  const operation = operationOf(engine, name, statement.manner);
  const view = { query: statement.query, useLegacySql: false };
  const properties = { ...propertiesOfOptions(statement.options), view };
  await createTable(engine.warehouse, {
    name,
    kind: 'VIEW',
    fields,
    properties,
    replace: operation === 'REPLACE',
  });
  return ddl('CREATE_VIEW', operation, name);
}

async function createSchema(
  engine: QueryEngine,
  statement: Extract<DdlStatement, { kind: 'createSchema' }>,
  context: StatementContext,
): Promise<StatementResult> {
  const { projectId, datasetId } = datasetOf(statement.path, context);
  if (statement.ifNotExists && engine.warehouse.catalog.dataset(projectId, datasetId) !== undefined)
    return ddl('CREATE_SCHEMA', 'SKIP');
  const body = { ...propertiesOfOptions(statement.options), datasetReference: { projectId, datasetId } };
  await insertDataset(engine.warehouse, projectId, body);
  return ddl('CREATE_SCHEMA', 'CREATE');
}

async function drop(
  engine: QueryEngine,
  statement: Extract<DdlStatement, { kind: 'drop' }>,
  context: StatementContext,
): Promise<StatementResult> {
  const name = nameOf(engine, statement.path, context);
  const type = `DROP_${statement.what}`;
  const entry = engine.warehouse.catalog.table(name);
  if (entry === undefined && statement.ifExists) return ddl(type, 'SKIP', name);
  if (entry !== undefined && entry.kind !== statement.what)
    throw new BigqueryError({
      reason: 'invalidQuery',
      location: 'query',
      message: `Cannot drop ${tableKey(name)} which has type ${entry.kind}. An object of type ${statement.what} was expected.`,
    });
  await deleteTable(engine.warehouse, name);
  return ddl(type, 'DROP', name);
}

function truncate(engine: QueryEngine, name: TableName): Promise<StatementResult> {
  const { warehouse } = engine;
  return warehouse.runtime(name).writes.change(async () => {
    const entry = await warehouse.rows.settle(name);
    const deleted =
      entry.fields.length === 0
        ? 0
        : await warehouse.database.transaction(
            async (connection) =>
              (await connection.run(`DELETE FROM ${physicalName(entry.physical)}`)).rowsChanged,
          );
    warehouse.rows.touch(name);
    return {
      statementType: 'TRUNCATE_TABLE',
      fields: [],
      rows: [],
      target: name,
      affectedRows: deleted,
      dmlStatistics: { inserted: 0, updated: 0, deleted },
    };
  });
}
