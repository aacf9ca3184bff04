import type { DuckDBType, DuckDBValue } from '@duckdb/node-api';
import { BigqueryError, invalidQuery, messageOf } from '../rules/api-error.js';
import type { Cell } from '../rules/cell.js';
import type { Field } from '../rules/field-schema.js';
import { objectAt } from '../rules/json.js';
import { type TableName, tableKey } from '../rules/table-resource.js';
import { StaleRead, type TableEntry } from '../warehouse/catalog.js';
import { duckLogicalType, fieldOfResult } from '../warehouse/duckdb-types.js';
import { toCell, toDuckValue } from '../warehouse/duckdb-values.js';
import type { TableRead } from '../warehouse/row-storage.js';
import type { Warehouse } from '../warehouse/warehouse.js';
import { parseStatements } from './sql-parser.js';
import { type StatementContext, StatementResolver } from './statement-resolver.js';
import { translateQuery } from './translate/translate.js';

/** What a statement did: the columns and rows it gives, and its kind with what it touched. */
export interface StatementResult {
  readonly statementType: string;
  readonly fields: readonly Field[];
  readonly rows: readonly (readonly Cell[])[];
  readonly affectedRows?: number;
  readonly ddlOperation?: string;
  readonly target?: TableName;
}

/** A query in DuckDB's terms with the values of its parameters. */
export interface BoundSql {
  readonly sql: string;
  readonly values: DuckDBValue[];
  readonly types: DuckDBType[];
  /** Tables that the SQL reads: it runs inside `warehouse.rows.reading(reads, …)`. */
  readonly reads: readonly TableRead[];
}

/** Runs GoogleSQL: parse, translate the tree, execute, read the result back as BigQuery's types. */
export class QueryEngine {
  readonly #viewTrees = new Map<string, unknown>();

  constructor(readonly warehouse: Warehouse) {}

  /** Columns of a view's query, as `tables.get` of the view shows them. */
  async describeView(query: string, name: TableName): Promise<readonly Field[]> {
    const context = { projectId: name.projectId, defaultDataset: undefined, parameters: [] };
    await this.prepareViews();
    const [tree] = await parseStatements(query);
    return this.describe(this.bind(tree, context));
  }

  /** DuckDB SQL of a query's tree under the names and parameters of `context`. */
  bind(tree: unknown, context: StatementContext): BoundSql {
    const resolver = this.resolver(context);
    return boundSql(translateQuery(tree, resolver), resolver);
  }

  resolver(
    context: StatementContext,
    above: readonly string[] = [],
    reads: TableRead[] = [],
  ): StatementResolver {
    return new StatementResolver(this.warehouse, context, {
      translateView: (entry) => this.#viewSql(entry, above, reads),
      reads,
    });
  }

  /** Columns that a query would give, without running it. */
  describe({ sql, values, types, reads }: BoundSql): Promise<readonly Field[]> {
    return this.#guarded(reads, async () =>
      this.warehouse.database.use(async (connection) => {
        const limited = `SELECT * FROM (${sql}) LIMIT 0`;
        const result = await connection.run(limited, values, types);
        return resultFields(result.columnNames(), result.columnTypes());
      }),
    );
  }

  async execute({
    sql,
    values,
    types,
    reads,
  }: BoundSql): Promise<{ fields: readonly Field[]; rows: Cell[][] }> {
    return this.#guarded(reads, async () =>
      this.warehouse.database.use(async (connection) => {
        const reader = await connection.runAndReadAll(sql, values, types);
        const fields = resultFields(reader.columnNames(), reader.columnTypes());
        const rows = reader
          .getRows()
          .map((row) => fields.map((field, index) => toCell(row[index] ?? null, field)));
        return { fields, rows };
      }),
    );
  }

  async #guarded<T>(reads: readonly TableRead[], task: () => Promise<T>): Promise<T> {
    try {
      return await this.warehouse.rows.reading(reads, task);
    } catch (error) {
      throw asQueryError(error);
    }
  }

  /** Parses all views; before a translation starts, because the parser is loaded asynchronously. */
  async prepareViews(): Promise<void> {
    for (const entry of this.warehouse.catalog.allViews()) {
      const key = `${tableKey(entry.name)}@${entry.etag}`;
      if (this.#viewTrees.has(key)) continue;
      const [tree] = await parseStatements(String(objectAt(entry.properties, 'view')['query']));
      this.#viewTrees.set(key, tree);
    }
  }

  #viewSql(entry: TableEntry, above: readonly string[], reads: TableRead[]): string {
    const key = `${tableKey(entry.name)}@${entry.etag}`;
    if (above.includes(key) || above.length > 16)
      throw invalidQuery(`View ${tableKey(entry.name)} refers to itself or is nested too deeply.`);
    const context = { projectId: entry.name.projectId, defaultDataset: undefined, parameters: [] };
    return translateQuery(this.#viewTrees.get(key), this.resolver(context, [...above, key], reads));
  }
}

/** A translation with the parameters it turned out to use. */
export function boundSql(sql: string, resolver: StatementResolver): BoundSql {
  return {
    sql,
    values: resolver.used.map(({ cell, field }) => toDuckValue(cell, field)),
    types: resolver.used.map(({ field }) => duckLogicalType(field)),
    reads: resolver.reads,
  };
}

function resultFields(names: readonly string[], types: readonly DuckDBType[]): Field[] {
  const seen = new Set<string>();
  return names.map((name, index) => {
    const type = types[index];
    const shown = isGenerated(name) ? `f${index}_` : name;
    if (seen.has(shown.toLowerCase()))
      throw invalidQuery(
        `Duplicate column names in the result are not supported. Found duplicate(s): ${shown}`,
      );
    seen.add(shown.toLowerCase());
    const field = type === undefined ? undefined : fieldOfResult(shown, type);
    if (field === undefined)
      throw invalidQuery(`Not supported by this server: a result column of type ${String(type)}`);
    return field;
  });
}

// DuckDB names a column without alias after its expression; BigQuery calls it f0_, f1_…
function isGenerated(name: string): boolean {
  return !/^[\p{L}\p{N}_ -]+$/u.test(name) || /^(\d.*|NULL|true|false)$/i.test(name);
}

const WORDS: readonly (readonly [RegExp, string])[] = [
  [/^Constraint Error: NOT NULL constraint failed: \w+\.(.*)$/, 'Required field $1 cannot be null'],
  [/^Binder Error: Referenced (?:column|table) "(.*?)" not found.*$/, 'Unrecognized name: $1'],
  [/^Invalid Input Error: /, ''],
  [/^Conversion Error: /, 'Bad value: '],
  [/^Out of Range Error: Overflow/, 'int64 overflow: Overflow'],
  [/^(?:Binder|Catalog|Parser|Out of Range) Error: /, ''],
];

function inBigqueryWords(message: string): string {
  return WORDS.reduce((text, [pattern, words]) => text.replace(pattern, words), message);
}

/** What DuckDB refuses is the caller's query to BigQuery's eyes, unless the database itself failed. */
export function asQueryError(error: unknown): Error {
  if (error instanceof StaleRead) return error;
  if (error instanceof BigqueryError) return error;
  const message = messageOf(error);
  if (/^(INTERNAL|IO|FATAL)/i.test(message)) return BigqueryError.from(error);
  return invalidQuery(inBigqueryWords(message.split('\n')[0] ?? message), error);
}
