import { BigqueryError, invalid } from '../rules/api-error.js';
import { isJsonObject, type JsonObject, objectAt, stringAt } from '../rules/json.js';
import type { TableName } from '../rules/table-resource.js';
import { tableKey } from '../rules/table-resource.js';
import { withCurrentTables } from '../warehouse/catalog.js';
import { quotePath } from './compile/names.js';
import type { QueryEngine, StatementResult } from './query-engine.js';
import type { StatementContext } from './statement-resolver.js';
import { runStatement } from './statements.js';

/** The table of a query's result (`configuration.query.destinationTable`) and the treatment of its present rows. */
export interface Destination {
  readonly table: TableName;
  readonly write: 'WRITE_EMPTY' | 'WRITE_TRUNCATE' | 'WRITE_APPEND';
  readonly mayCreate: boolean;
}

/** Reads the destination of a query's configuration; `undefined` without one. */
export function destinationOf(query: JsonObject, projectId: string): Destination | undefined {
  if (!isJsonObject(query['destinationTable'])) return undefined;
  const reference = objectAt(query, 'destinationTable');
  const [datasetId, tableId] = [stringAt(reference, 'datasetId'), stringAt(reference, 'tableId')];
  if (datasetId === undefined || tableId === undefined)
    throw invalid('destinationTable needs datasetId and tableId.', 'destinationTable');
  const write = stringAt(query, 'writeDisposition') ?? 'WRITE_EMPTY';
  if (write !== 'WRITE_EMPTY' && write !== 'WRITE_TRUNCATE' && write !== 'WRITE_APPEND')
    throw invalid(`Invalid value for writeDisposition: ${write}`, 'writeDisposition');
  const table = { projectId: stringAt(reference, 'projectId') ?? projectId, datasetId, tableId };
  return { table, write, mayCreate: stringAt(query, 'createDisposition') !== 'CREATE_NEVER' };
}

/** Runs a query and writes its result into the destination; gives the rows that it wrote. */
export async function runInto(
  engine: QueryEngine,
  sql: string,
  context: StatementContext,
  destination: Destination,
): Promise<StatementResult> {
  const { table, write, mayCreate } = destination;
  const present = engine.warehouse.catalog.table(table);
  if (present === undefined && !mayCreate)
    throw new BigqueryError({ reason: 'notFound', message: `Not found: Table ${tableKey(table)}` });
  const isEmpty = await engine.warehouse.statements.run(() =>
    withCurrentTables(() => holdsNothing(engine, table)),
  );
  if (write === 'WRITE_EMPTY' && !isEmpty)
    throw new BigqueryError({ reason: 'duplicate', message: `Already Exists: Table ${tableKey(table)}` });
  const path = quotePath([table.projectId, table.datasetId, table.tableId]);
  const query = sql.trim().replace(/;\s*$/, '');
  if (write === 'WRITE_APPEND' && present !== undefined) {
    const result = await runStatement(engine, query, context, false);
    await runStatement(engine, `INSERT INTO ${path}\n${query}`, context, false);
    return result;
  }
  await runStatement(engine, `CREATE OR REPLACE TABLE ${path} AS\n${query}`, context, false);
  return runStatement(engine, `SELECT * FROM ${path}`, context, false);
}

async function holdsNothing({ warehouse }: QueryEngine, name: TableName): Promise<boolean> {
  const entry = warehouse.catalog.table(name);
  return entry === undefined || (await warehouse.rows.count(entry)) === 0n;
}
