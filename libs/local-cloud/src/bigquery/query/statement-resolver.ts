import { BigqueryError, invalid, invalidQuery } from '../rules/api-error.js';
import type { TableName } from '../rules/table-resource.js';
import type { TableEntry } from '../warehouse/catalog.js';
import { duckType } from '../warehouse/duckdb-types.js';
import type { TableRead } from '../warehouse/row-storage.js';
import type { Warehouse } from '../warehouse/warehouse.js';
import { informationSchemaSql } from './information-schema.js';
import type { QueryParameter } from './query-parameters.js';
import type { Resolver } from './translate/scope.js';

/** Where names of a statement are looked up. */
export interface StatementContext {
  readonly projectId: string;
  readonly defaultDataset: { readonly projectId: string; readonly datasetId: string } | undefined;
  readonly parameters: readonly QueryParameter[];
}

/** Looks up tables and parameters of one statement, and notes which parameters it used, in order of use. */
export class StatementResolver implements Resolver {
  readonly used: QueryParameter[] = [];
  readonly nowMicros: bigint;
  #positional = 0;

  constructor(
    private readonly warehouse: Warehouse,
    private readonly context: StatementContext,
    private readonly parts: {
      readonly translateView: (entry: TableEntry) => string;
      readonly reads: TableRead[];
    },
  ) {
    this.nowMicros = BigInt(warehouse.now()) * 1000n;
  }

  tableName(parts: readonly string[]): TableName {
    const { defaultDataset, projectId } = this.context;
    const tableId = parts.at(-1) ?? '';
    const datasetId = parts.at(-2);
    if (parts.length === 1) {
      if (defaultDataset !== undefined) return { ...defaultDataset, tableId };
      throw invalid(`Table "${tableId}" must be qualified with a dataset (e.g. dataset.table).`);
    }
    if (datasetId === undefined || parts.length > 3)
      throw invalidQuery(`Invalid table name: ${parts.join('.')}`);
    return { projectId: parts.length === 3 ? (parts[0] ?? '') : projectId, datasetId, tableId };
  }

  table(parts: readonly string[]): TableEntry {
    return this.warehouse.catalog.requireTable(this.tableName(parts));
  }

  rows(entry: TableEntry): string {
    const read = this.warehouse.rows.read(entry, entry.fields);
    this.parts.reads.push(read);
    return read.sql;
  }

  /** Tables that the statement has been found to read. */
  get reads(): readonly TableRead[] {
    return this.parts.reads;
  }

  informationSchema(dataset: readonly string[], view: string): string {
    const datasetId = dataset.at(-1) ?? this.context.defaultDataset?.datasetId;
    if (datasetId === undefined)
      throw invalid(
        `INFORMATION_SCHEMA.${view} must be qualified with a dataset in this server (e.g. dataset.INFORMATION_SCHEMA.${view}).`,
      );
    const projectId = dataset.length > 1 ? (dataset[0] ?? '') : this.context.projectId;
    this.warehouse.catalog.requireDataset(projectId, datasetId);
    return informationSchemaSql(view, this.warehouse.catalog.tables(projectId, datasetId));
  }

  view(entry: TableEntry): string {
    return this.parts.translateView(entry);
  }

  parameter(name: string | undefined): string {
    const parameter = name === undefined ? this.#nextPositional() : this.#named(name);
    let index = name === undefined ? -1 : this.used.indexOf(parameter);
    if (index < 0) index = this.used.push(parameter) - 1;
    return `CAST($${index + 1} AS ${duckType(parameter.field)})`;
  }

  #nextPositional(): QueryParameter {
    const parameter = this.context.parameters[this.#positional];
    this.#positional += 1;
    if (parameter === undefined)
      throw new BigqueryError({
        reason: 'invalidQuery',
        message: `Query parameter number ${this.#positional} is not defined.`,
        location: 'query',
      });
    return parameter;
  }

  #named(name: string): QueryParameter {
    const found = this.context.parameters.find((entry) => entry.name?.toLowerCase() === name.toLowerCase());
    if (found === undefined) throw invalidQuery(`Query parameter '${name}' not found`);
    return found;
  }
}
