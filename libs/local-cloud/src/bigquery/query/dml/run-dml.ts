import type { DuckDBConnection } from '@duckdb/node-api';
import { invalidQuery } from '../../rules/api-error.js';
import { type TableName, tableKey } from '../../rules/table-resource.js';
import { type TableEntry, withCurrentTables } from '../../warehouse/catalog.js';
import { storedFields } from '../../warehouse/ingestion-time.js';
import { physicalName } from '../../warehouse/physical-tables.js';
import { checkBytesBilled } from '../bytes-processed.js';
import { asQueryError } from '../engine-errors.js';
import {
  type BoundSql,
  type QueryEngine,
  type StatementResult,
  type Surroundings,
  withValues,
} from '../query-engine.js';
import { checkFilter } from '../compile/partition-filter.js';
import { conjuncts, partitionCondition } from '../compile/partition-pruning.js';
import type { Scope } from '../compile/scope.js';
import { partitioningOf, requiredFilter, type StatementContext } from '../statement-resolver.js';
import type { DmlStatement } from '../syntax/dml-tree.js';
import { type DmlPlan, planDml } from './plan-dml.js';
import type { MergeCounts } from './target.js';

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
    const bytes = await withCurrentTables(() =>
      bytesOf(engine, bind(engine, request, target), request, target),
    );
    return { statementType, fields: [], rows: [], target, ...bytes };
  }
  const { warehouse } = engine;
  const { counts, bytes } = await warehouse.runtime(target).writes.change(() =>
    withCurrentTables(async () => {
      // The statement works on one DuckDB table that has all rows and columns.
      if (warehouse.catalog.table(target)?.kind === 'TABLE') await warehouse.rows.settle(target);
      const bound = bind(engine, request, target);
      const bytes = await bytesOf(engine, bound, request, target);
      checkBytesBilled(bytes.bytesBilled, request.context.maximumBytesBilled);
      const counts = await execute(engine, bound);
      warehouse.rows.touch(target);
      return { counts, bytes };
    }),
  );
  const affectedRows = counts.inserted + counts.updated + counts.deleted;
  return { statementType, fields: [], rows: [], affectedRows, dmlStatistics: counts, target, ...bytes };
}

/**
 * Bytes of the columns that the statement reads and, unless it only inserts, of the table that it changes: the
 * partitions that constants in WHERE or ON leave.
 * Source: cloud.google.com/bigquery/docs/reference/standard-sql/dml-syntax ("On-demand query size calculation"), read 2026-11-30.
 */
async function bytesOf(
  engine: QueryEngine,
  { change, counts, condition }: Bound,
  { statement }: DmlRequest,
  target: TableName,
): Promise<{ readonly bytesProcessed: number; readonly bytesBilled: number }> {
  const entry = engine.warehouse.catalog.requireTable(target);
  const isInsert =
    statement.kind === 'INSERT' ||
    (typeof counts === 'object' && counts.kinds.size === 1 && counts.kinds.has('INSERT'));
  if (isInsert) return engine.bytes(change);
  const whole = engine.warehouse.rows.read(entry, storedFields(entry));
  return engine.bytes({
    reads: [...change.reads, whole],
    scans: [...change.scans, { sql: whole.sql, fields: entry.fields, condition }],
  });
}

interface Bound {
  readonly check: BoundSql | undefined;
  readonly change: BoundSql;
  /** Counts the rows that a MERGE of all three actions will insert. */
  readonly inserts: BoundSql | undefined;
  readonly counts: DmlPlan['counts'];
  /** Holds for the rows of the partitions of the table that the statement looks at; see {@link partitionCondition}. */
  readonly condition: string | undefined;
  /** DuckDB's name of the table. */
  readonly target: string;
}

function bind(engine: QueryEngine, request: DmlRequest, target: TableName): Bound {
  const entry: TableEntry = engine.warehouse.catalog.requireTable(target);
  if (entry.kind === 'VIEW') throw invalidQuery(`Cannot modify the view ${tableKey(target)}`);
  const written = (read: (plan: DmlPlan) => string | undefined): BoundSql | undefined => {
    const { scope, resolver } = engine.scope(
      request.text,
      request.context,
      request.around,
      request.statement,
    );
    const sql = read(planDml(request.statement, entry, scope));
    return sql === undefined ? undefined : engine.bound(sql, resolver);
  };
  const { scope, resolver } = engine.scope(request.text, request.context, request.around, request.statement);
  if (request.statement.kind !== 'INSERT') checkFilter(requiredFilter(entry), scope.environment);
  const { counts } = planDml(request.statement, entry, scope);
  const change = written((plan) => plan.change);
  if (change === undefined) throw invalidQuery(`${request.statement.kind} changes nothing`);
  const needsInserts = typeof counts === 'object' && counts.kinds.size === 3;
  return {
    check: written((plan) => plan.check),
    change,
    inserts: needsInserts
      ? written((plan) => (typeof plan.counts === 'object' ? plan.counts.inserts : undefined))
      : undefined,
    counts,
    condition: withValues(targetCondition(request.statement, entry, scope), resolver),
    target: physicalName(entry.physical),
  };
}

function targetCondition(statement: DmlStatement, entry: TableEntry, scope: Scope): string | undefined {
  if (statement.kind === 'INSERT') return undefined;
  const alias = statement.alias ?? entry.name.tableId;
  // Rows that no source row matches are looked at too.
  const isWhole =
    statement.kind === 'MERGE' && statement.whens.some(({ matched }) => matched === 'NOT MATCHED BY SOURCE');
  if (isWhole) return undefined;
  const filters = conjuncts(statement.kind === 'MERGE' ? statement.on : statement.where);
  return partitionCondition(partitioningOf(entry), alias, filters, scope);
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

async function changed(connection: DuckDBConnection, bound: Bound): Promise<Counts> {
  const { change, counts, target } = bound;
  const total: Counts = { inserted: 0, updated: 0, deleted: 0 };
  const run = async (): Promise<number> =>
    (await connection.run(change.sql, change.values, change.types)).rowsChanged;
  if (typeof counts === 'string') {
    total[counts] = await run();
    return total;
  }
  // Not by RETURNING: DuckDB 1.5.6 gives too few rows of it when a MERGE changes a million.
  const ofTarget = { sql: `SELECT count(*) FROM ${target}`, values: [], types: [] };
  const before = await numberOf(connection, ofTarget);
  const known = bound.inserts === undefined ? undefined : await numberOf(connection, bound.inserts);
  const all = await run();
  const growth = (await numberOf(connection, ofTarget)) - before;
  total.inserted = known ?? insertedOf(counts.kinds, all, growth);
  total.deleted = total.inserted - growth;
  total.updated = all - total.inserted - total.deleted;
  return total;
}

function insertedOf(kinds: MergeCounts['kinds'], all: number, growth: number): number {
  if (!kinds.has('INSERT')) return 0;
  return kinds.has('DELETE') ? (all + growth) / 2 : growth;
}

async function numberOf(
  connection: DuckDBConnection,
  { sql, values, types }: Pick<BoundSql, 'sql' | 'values' | 'types'>,
): Promise<number> {
  return Number((await connection.runAndReadAll(sql, values, types)).getRows()[0]?.[0] ?? 0);
}
