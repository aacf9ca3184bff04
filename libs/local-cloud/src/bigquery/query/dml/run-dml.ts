import type { DuckDBConnection } from '@duckdb/node-api';
import { invalidQuery } from '../../rules/api-error.js';
import { type TableName, tableKey } from '../../rules/table-resource.js';
import { type TableEntry, withCurrentTables } from '../../warehouse/catalog.js';
import { asQueryError } from '../engine-errors.js';
import { type BoundSql, type QueryEngine, type StatementResult, type Surroundings } from '../query-engine.js';
import type { StatementContext } from '../statement-resolver.js';
import type { DmlStatement } from '../syntax/dml-tree.js';
import { type DmlPlan, planDml } from './plan-dml.js';

/** Rows that a statement inserted, updated and deleted. */
interface Counts {
  inserted: number;
  updated: number;
  deleted: number;
}

/** A statement's place: its text, the names it may use, and whether it only is checked. */
export interface DmlRequest {
  readonly statement: DmlStatement;
  readonly text: string;
  readonly context: StatementContext;
  readonly around: Surroundings;
  readonly dryRun: boolean;
}

/** Runs a statement that changes rows, alone in its table's write queue. */
export async function runDml(engine: QueryEngine, request: DmlRequest): Promise<StatementResult> {
  const { statement, dryRun } = request;
  const target = engine.resolver(request.context).tableName(statement.path);
  const statementType = statement.kind;
  if (dryRun) {
    bind(engine, request, target);
    return { statementType, fields: [], rows: [], target };
  }
  const { warehouse } = engine;
  const counts = await warehouse.runtime(target).writes.change(() =>
    withCurrentTables(async () => {
      // The statement works on one DuckDB table that has all rows and columns.
      if (warehouse.catalog.table(target)?.kind === 'TABLE') await warehouse.rows.settle(target);
      const counts = await execute(engine, bind(engine, request, target));
      warehouse.rows.touch(target);
      return counts;
    }),
  );
  const affectedRows = counts.inserted + counts.updated + counts.deleted;
  return { statementType, fields: [], rows: [], affectedRows, dmlStatistics: counts, target };
}

interface Bound {
  readonly check: BoundSql | undefined;
  readonly change: BoundSql;
  readonly counts: DmlPlan['counts'];
}

function bind(engine: QueryEngine, request: DmlRequest, target: TableName): Bound {
  const entry: TableEntry = engine.warehouse.catalog.requireTable(target);
  if (entry.kind === 'VIEW') throw invalidQuery(`Cannot modify the view ${tableKey(target)}`);
  const written = (which: 'check' | 'change'): BoundSql | undefined => {
    const { scope, resolver } = engine.scope(
      request.text,
      request.context,
      request.around,
      request.statement,
    );
    const sql = planDml(request.statement, entry, scope)[which];
    return sql === undefined ? undefined : engine.bound(sql, resolver);
  };
  const { scope } = engine.scope(request.text, request.context, request.around, request.statement);
  const { counts } = planDml(request.statement, entry, scope);
  const change = written('change');
  if (change === undefined) throw invalidQuery(`${request.statement.kind} changes nothing`);
  return { check: written('check'), change, counts };
}

async function execute(engine: QueryEngine, bound: Bound): Promise<Counts> {
  try {
    const { database, rows } = engine.warehouse;
    return await rows.reading(bound.change.reads, () =>
      database.transaction(async (connection) => {
        await engine.checkTimes(connection, bound.change);
        if (bound.check !== undefined) await refuseSeveral(connection, bound.check);
        return changed(connection, bound);
      }),
    );
  } catch (error) {
    throw asQueryError(error);
  }
}

async function refuseSeveral(connection: DuckDBConnection, { sql, values, types }: BoundSql): Promise<void> {
  const rows = (await connection.runAndReadAll(sql, values, types)).getRows();
  if (rows.length > 0)
    throw invalidQuery('UPDATE/MERGE must match at most one source row for each target row');
}

async function changed(connection: DuckDBConnection, { change, counts }: Bound): Promise<Counts> {
  const total: Counts = { inserted: 0, updated: 0, deleted: 0 };
  if (counts !== 'merge') {
    total[counts] = (await connection.run(change.sql, change.values, change.types)).rowsChanged;
    return total;
  }
  const rows = (await connection.runAndReadAll(change.sql, change.values, change.types)).getRows();
  for (const [action] of rows) {
    if (action === 'INSERT') total.inserted += 1;
    else if (action === 'UPDATE') total.updated += 1;
    else total.deleted += 1;
  }
  return total;
}
