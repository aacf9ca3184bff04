import type { DuckDBConnection, DuckDBType, DuckDBValue } from '@duckdb/node-api';
import type { Cell } from '../rules/cell.js';
import type { Field } from '../rules/field-schema.js';
import type { TableName } from '../rules/table-resource.js';
import { duckLogicalType } from '../warehouse/duckdb-types.js';
import { toDuckValue } from '../warehouse/duckdb-values.js';
import type { RoutineName } from '../warehouse/catalog.js';
import type { TableRead } from '../warehouse/row-storage.js';
import type { Warehouse } from '../warehouse/warehouse.js';
import { cellSql } from './compile/cell-literal.js';
import { expression } from './compile/expression.js';
import { filterNames } from './compile/names.js';
import { query } from './compile/query.js';
import { resultQuery } from './compile/result-query.js';
import { type Environment, rootScope, type Scope, type SqlFunction } from './compile/scope.js';
import { fieldOfType, type Type, typeOfField } from './compile/types.js';
import type { Value } from './compile/value.js';
import { bytesBilled, bytesProcessed, type Scan } from './bytes-processed.js';
import { asQueryError } from './engine-errors.js';
import { type ReadRows, readRows } from './read-rows.js';
import type { Job } from './job.js';
import { resultNames } from './result-names.js';
import { type StatementContext, StatementResolver } from './statement-resolver.js';
import { parseQuery } from './syntax/parse.js';
import { checkTableTimes, type TableTime } from './table-time.js';
import { emptyRelation } from './table-references.js';
import type { Query } from './syntax/tree.js';

/** The outcome of a statement: its kind, its columns and rows, and the table and rows that it changed. */
export interface StatementResult {
  readonly statementType: string;
  readonly fields: readonly Field[];
  readonly rows: readonly (readonly Cell[])[];
  /** Estimated memory of the rows. */
  readonly bytes?: number;
  /** Bytes of the tables that the statement reads; missing where nothing asked for them. */
  readonly bytesProcessed?: number;
  readonly bytesBilled?: number;
  readonly affectedRows?: number;
  readonly dmlStatistics?: { readonly inserted: number; readonly updated: number; readonly deleted: number };
  readonly ddlOperation?: string;
  readonly target?: TableName;
  readonly routine?: RoutineName;
}

/** A query in DuckDB's terms with the values of its parameters. */
export interface BoundSql {
  readonly sql: string;
  readonly values: DuckDBValue[];
  readonly types: DuckDBType[];
  /** Tables that the SQL reads: it runs inside `warehouse.rows.reading(reads, …)`. */
  readonly reads: readonly TableRead[];
  readonly scans: readonly Scan[];
  readonly times: readonly TableTime[];
}

/** A {@link BoundSql} whose columns are known. */
export interface BoundQuery extends BoundSql {
  readonly columns: readonly { readonly name: string | undefined; readonly type: Type }[];
}

/** Functions and variables of the script that a statement is part of. */
export interface Surroundings {
  readonly functions: ReadonlyMap<string, SqlFunction>;
  readonly names: ReadonlyMap<string, Value>;
}

export const NO_SURROUNDINGS: Surroundings = { functions: new Map(), names: new Map() };

/** Runs GoogleSQL: parse, translate the tree, execute, read the result back as BigQuery's types. */
export class QueryEngine {
  /** Jobs of a project; the server's list of jobs sets it. */
  jobsOf: (projectId: string) => readonly Job[] = () => [];

  constructor(readonly warehouse: Warehouse) {}

  /**
   * Columns of a view's query, as `tables.get` of the view shows them.
   *
   * DuckDB checks the query without the columns that only `*` brings, because planning costs time for each of them; it
   * checks the whole query if that is refused.
   */
  async describeView(text: string, name: TableName): Promise<readonly Field[]> {
    const context = { projectId: name.projectId, defaultDataset: undefined, parameters: [] };
    const tree = parseQuery(text);
    const { scope } = this.scope(text, context, NO_SURROUNDINGS, tree);
    const fields = resultFields(resultQuery(tree, scope), 'strict');
    try {
      await this.check(tree, text, { ...context, mentionedIn: text });
    } catch {
      await this.check(tree, text, context);
    }
    return fields;
  }

  /** DuckDB SQL of a query's tree under the names and parameters of `context`. */
  bind(tree: Query, text: string, context: StatementContext, around = NO_SURROUNDINGS): BoundQuery {
    const { scope, resolver } = this.scope(text, context, around, tree);
    const { sql, columns } = resultQuery(tree, scope);
    return { ...this.bound(sql, resolver), columns };
  }

  /** The scope that a statement begins with, and the resolver that notes its parameters. */
  scope(
    text: string,
    context: StatementContext,
    around = NO_SURROUNDINGS,
    tree?: unknown,
  ): { readonly scope: Scope; readonly resolver: StatementResolver } {
    const resolver = this.resolver(context);
    const environment: Environment = {
      resolver,
      sql: text,
      functions: around.functions,
      filters: new Set(filterNames(tree)),
      next: { alias: 0 },
      render: { expression, query },
    };
    return { scope: rootScope(environment, around.names), resolver };
  }

  resolver(context: StatementContext): StatementResolver {
    return new StatementResolver(this, context);
  }

  /** A translation with the tables and parameters it turned out to use. */
  bound(sql: string, resolver: StatementResolver): BoundSql {
    const reads: TableRead[] = [];
    const scans: Scan[] = [];
    const complete = resolver.tables.resolve(sql, (entry, fields, condition) => {
      const read = this.warehouse.rows.read(entry, fields);
      reads.push(read);
      scans.push({ sql: read.sql, fields, condition: withValues(condition, resolver) });
      return read.sql;
    });
    return { sql: complete, reads, scans, times: resolver.times, ...parametersOf(resolver) };
  }

  /** Throws what DuckDB has against a query, without reading a row; returns its columns. */
  async check(
    tree: Query,
    text: string,
    context: StatementContext,
    around = NO_SURROUNDINGS,
  ): Promise<Pick<BoundQuery, 'columns'>> {
    const { scope, resolver } = this.scope(text, context, around, tree);
    const { sql, columns } = resultQuery(tree, scope);
    const shape = resolver.tables.resolve(sql, (_, fields) => emptyRelation(fields));
    const { values, types } = parametersOf(resolver);
    await this.#guarded([], () =>
      this.warehouse.database.use((connection) =>
        connection.run(`SELECT * FROM (${shape}) LIMIT 0`, values, types),
      ),
    );
    return { columns };
  }

  /** Bytes that a bound statement processes and those that are billed for it. */
  async bytes({ reads, scans }: Pick<BoundSql, 'reads' | 'scans'>): Promise<{
    readonly bytesProcessed: number;
    readonly bytesBilled: number;
  }> {
    const processed = await this.#guarded(reads, () =>
      this.warehouse.database.use((connection) => bytesProcessed(connection, scans)),
    );
    return { bytesProcessed: processed, bytesBilled: bytesBilled(processed, scans.length) };
  }

  async execute(bound: BoundQuery): Promise<{ fields: readonly Field[] } & ReadRows> {
    const fields = resultFields(bound, 'lenient');
    return { fields, ...(await this.#read(bound)) };
  }

  /** Rows of a query, without names of columns. */
  async rows(bound: BoundQuery): Promise<Cell[][]> {
    return (await this.#read(bound)).rows;
  }

  #read(bound: BoundQuery): Promise<ReadRows> {
    return this.#guarded(bound.reads, () =>
      this.warehouse.database.use(async (connection) => {
        await this.checkTimes(connection, bound);
        return readRows(connection, bound);
      }),
    );
  }

  /** Throws unless tables that are read as of a time have not changed since. */
  checkTimes(connection: DuckDBConnection, { times }: BoundSql): Promise<void> {
    return checkTableTimes(this.warehouse, connection, times);
  }

  async #guarded<T>(reads: readonly TableRead[], task: () => Promise<T>): Promise<T> {
    try {
      return await this.warehouse.rows.reading(reads, task);
    } catch (error) {
      throw asQueryError(error);
    }
  }
}

function parametersOf({ used }: StatementResolver): Pick<BoundSql, 'values' | 'types'> {
  return {
    values: used.map(({ cell, field }) => toDuckValue(cell, field)),
    types: used.map(({ field }) => duckLogicalType(field)),
  };
}

/** A condition with the values of parameters in place of their numbers. */
export function withValues(condition: string | undefined, { used }: StatementResolver): string | undefined {
  return condition?.replaceAll(/'(?:[^']|'')*'|\$(\d+)/g, (part, number: string | undefined) => {
    const parameter = number === undefined ? undefined : used[Number(number) - 1];
    return parameter === undefined ? part : cellSql(parameter.cell, typeOfField(parameter.field));
  });
}

/** The columns of a result; those of a new table (`strict`) must have names that differ. */
export function resultFields(
  { columns }: Pick<BoundQuery, 'columns'>,
  manner: 'strict' | 'lenient',
): Field[] {
  const names = resultNames(
    columns.map(({ name }) => name),
    manner,
  );
  return columns.map(({ type }, index) => fieldOfType(names[index] ?? '', type));
}
