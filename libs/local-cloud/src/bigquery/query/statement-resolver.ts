import { BigqueryError, invalid, invalidQuery, notFound } from '../rules/api-error.js';
import { objectAt } from '../rules/json.js';
import { type TableName, tableKey } from '../rules/table-resource.js';
import { routineKey, type TableEntry } from '../warehouse/catalog.js';
import { PARTITION_TIME, storedFields } from '../warehouse/ingestion-time.js';
import type { Warehouse } from '../warehouse/warehouse.js';
import type { RequiredFilter } from './compile/partition-filter.js';
import type { Partitioning } from './compile/partition-pruning.js';
import type { Resolver, Routine, Table } from './compile/resolver.js';
import { duckTypeOf, typeOfField } from './compile/types.js';
import { informationSchema } from './information-schema.js';
import type { StatementResult } from './query-engine.js';
import type { Job } from './job.js';
import { schemataView } from './schemata-view.js';
import { JOBS_VIEWS, jobsView } from './jobs-view.js';
import type { RowCounts } from './partitions-view.js';
import type { QueryParameter } from './query-parameters.js';
import { parseQuery } from './syntax/parse.js';
import type { TableTime } from './table-time.js';
import { mentionedColumns, TableReferences } from './table-references.js';

/** The project, default dataset and parameters that names of a statement resolve against. */
export interface StatementContext {
  readonly projectId: string;
  readonly defaultDataset: { readonly projectId: string; readonly datasetId: string } | undefined;
  readonly parameters: readonly QueryParameter[];
  /** Temporary tables of a script, by lower-case name. */
  readonly temporary?: ReadonlyMap<string, TableName>;
  /** Makes a name for a temporary table; only a script has them. */
  readonly nameTemporary?: (tableId: string) => Promise<TableName>;
  /** Runs a statement of a script as a job of its own. */
  readonly asChildJob?: (text: string, run: () => Promise<StatementResult>) => Promise<StatementResult>;
  /** Texts of the statement and of the views around: tables show only the columns that these mention. */
  readonly mentionedIn?: string;
  /** Number of columns that tables had at the time that they are read as of, by `project:dataset.table`. */
  readonly columnsAsOf?: ReadonlyMap<string, number>;
  /** The job ends with an error if more bytes would be billed for one of its statements. */
  readonly maximumBytesBilled?: number;
  /** Values of `@@error.message` and its like. */
  readonly system?: Readonly<Record<string, string>>;
}

/** The tables and jobs that statements read. */
export interface Server {
  readonly warehouse: Warehouse;
  readonly jobsOf: (projectId: string) => readonly Job[];
}

const MAX_VIEW_DEPTH = 16;

/** Looks up tables and parameters of one statement, and notes which parameters it used, in order of use. */
export class StatementResolver implements Resolver {
  readonly used: QueryParameter[];
  /** Tables that the statement has been found to read. */
  readonly tables: TableReferences;
  /** Tables that the statement reads as of a time. */
  readonly times: TableTime[];
  readonly nowMicros: bigint;
  #positional = 0;

  constructor(
    private readonly server: Server,
    private readonly context: StatementContext,
    private readonly above: readonly string[] = [],
    shared?: {
      readonly used: QueryParameter[];
      readonly tables: TableReferences;
      readonly times: TableTime[];
    },
  ) {
    this.nowMicros = BigInt(server.warehouse.now()) * 1000n;
    this.used = shared?.used ?? [];
    this.tables = shared?.tables ?? new TableReferences();
    this.times = shared?.times ?? [];
  }

  private get warehouse(): Warehouse {
    return this.server.warehouse;
  }

  tableName(parts: readonly string[]): TableName {
    const { defaultDataset, projectId, temporary } = this.context;
    const tableId = parts.at(-1) ?? '';
    const datasetId = parts.at(-2);
    if (parts.length === 1) {
      const own = temporary?.get(tableId.toLowerCase());
      if (own !== undefined) return own;
      if (defaultDataset !== undefined) return { ...defaultDataset, tableId };
      throw invalid(`Table "${tableId}" must be qualified with a dataset (e.g. dataset.table).`);
    }
    if (datasetId === undefined || parts.length > 3)
      throw invalidQuery(`Invalid table name: ${parts.join('.')}`);
    return { projectId: parts.length === 3 ? (parts[0] ?? '') : projectId, datasetId, tableId };
  }

  table(parts: readonly string[]): Table {
    const infoAt = parts.findIndex((part) => part.toUpperCase() === 'INFORMATION_SCHEMA');
    if (infoAt >= 0) return this.#information(parts.slice(0, infoAt), parts.slice(infoAt + 1).join('.'));
    if (parts.at(-1)?.toUpperCase() === '__TABLES__')
      return this.#information(parts.slice(0, -1), '__TABLES__');
    return this.#stored(this.warehouse.catalog.requireTable(this.tableName(parts)));
  }

  readAsOf(parts: readonly string[], time: string): Table {
    const name = this.tableName(parts);
    if (tableKey(name).endsWith('*') || this.warehouse.catalog.requireTable(name).kind === 'VIEW')
      throw invalidQuery('Not supported by this server: FOR SYSTEM_TIME AS OF of views and wildcard tables');
    if (/\$\d/.test(time) || /\bselect\b/i.test(time))
      throw invalidQuery('Not supported by this server: FOR SYSTEM_TIME AS OF a parameter or a subquery');
    const entry = this.warehouse.catalog.requireTable(name);
    const columns = this.context.columnsAsOf?.get(tableKey(name)) ?? entry.fields.length;
    this.times.push({ name, time, columns });
    return this.#stored(
      columns === entry.fields.length ? entry : { ...entry, fields: entry.fields.slice(0, columns) },
    );
  }

  routine(parts: readonly string[]): Routine | undefined {
    const [routineId = '', datasetId, projectId = this.context.projectId] = [...parts].reverse();
    const { defaultDataset } = this.context;
    const dataset = datasetId === undefined ? defaultDataset : { projectId, datasetId };
    if (dataset === undefined || parts.length > 3) return undefined;
    const entry = this.warehouse.catalog.routine({ ...dataset, routineId });
    if (entry === undefined) return undefined;
    const key = `function ${routineKey(entry.name)}`;
    if (this.above.includes(key) || this.above.length > MAX_VIEW_DEPTH)
      throw invalidQuery(`Function ${routineKey(entry.name)} refers to itself or is nested too deeply.`);
    const { mentionedIn } = this.context;
    const context: StatementContext = {
      projectId: entry.name.projectId,
      defaultDataset: undefined,
      parameters: [],
      ...(mentionedIn === undefined ? {} : { mentionedIn: `${mentionedIn}\n${entry.body}` }),
    };
    return { entry, resolver: new StatementResolver(this.server, context, [...this.above, key], this) };
  }

  wildcard(parts: readonly string[]): readonly { readonly suffix: string; readonly table: Table }[] {
    const { projectId, datasetId, tableId } = this.tableName(parts);
    const prefix = tableId.slice(0, -1);
    this.warehouse.catalog.requireDataset(projectId, datasetId);
    const matches = this.warehouse.catalog
      .tables(projectId, datasetId)
      .filter((entry) => entry.name.tableId.startsWith(prefix) && entry.fields.length > 0)
      .sort((a, b) => a.createdMs - b.createdMs);
    if (matches.length === 0) throw notFound(`Table ${projectId}:${datasetId}.${tableId}`);
    return matches.map((entry) => ({
      suffix: entry.name.tableId.slice(prefix.length),
      table: this.#stored(entry),
    }));
  }

  #stored(entry: TableEntry): Table {
    const key = `${tableKey(entry.name)}@${entry.etag}`;
    if (entry.kind === 'VIEW') {
      if (this.above.includes(key) || this.above.length > MAX_VIEW_DEPTH)
        throw invalidQuery(`View ${tableKey(entry.name)} refers to itself or is nested too deeply.`);
      const sql = String(objectAt(entry.properties, 'view')['query']);
      const { mentionedIn } = this.context;
      const context: StatementContext = {
        projectId: entry.name.projectId,
        defaultDataset: undefined,
        parameters: [],
        ...(mentionedIn === undefined ? {} : { mentionedIn: `${mentionedIn}\n${sql}` }),
      };
      const resolver = new StatementResolver(this.server, context, [...this.above, key], this);
      return { kind: 'view', query: parseQuery(sql), sql, resolver };
    }
    if (entry.fields.length === 0)
      throw invalidQuery(`Table ${tableKey(entry.name)} does not have a schema.`);
    const { mentionedIn } = this.context;
    const shown = mentionedIn === undefined ? entry : mentionedColumns(entry, mentionedIn);
    const stored = { ...shown, fields: storedFields(shown) };
    const reference = this.tables.add(stored);
    const rows = {
      kind: 'rows',
      sql: reference,
      fields: shown.fields,
      partitioning: partitioningOf(entry),
      prune: (condition: string) => {
        this.tables.prune(reference, condition);
      },
      hasIngestionTime: entry.hasIngestionTime === true,
    } as const;
    const required = requiredFilter(entry);
    return required === undefined ? rows : { ...rows, requiredFilter: required };
  }

  #information(dataset: readonly string[], view: string): Table {
    const isOfRegion = /^region-/i.test(dataset.at(-1) ?? '');
    const projectOf = dataset.length > 1 ? (dataset[0] ?? '') : this.context.projectId;
    if (JOBS_VIEWS.has(view.toUpperCase()) && (isOfRegion || dataset.length === 0))
      return { kind: 'rows', ...jobsView(this.server.jobsOf(projectOf)) };
    if (view.toUpperCase() === 'SCHEMATA' && (isOfRegion || dataset.length < 2)) {
      const projectId = isOfRegion || dataset.length === 0 ? projectOf : (dataset[0] ?? '');
      return { kind: 'rows', ...schemataView(this.warehouse.catalog.datasets(projectId)) };
    }
    const counts: RowCounts = {
      known: (entry) => this.warehouse.rows.knownCount(entry),
      rowsOf: (entry) => this.tables.add(entry),
      changedMs: (entry) => Math.max(entry.modifiedMs, this.warehouse.rows.changedMs(entry)),
    };
    if (isOfRegion) {
      const every = this.warehouse.catalog.allTables().filter(({ name }) => name.projectId === projectOf);
      return { kind: 'rows', ...informationSchema(view, every, counts) };
    }
    const datasetId = dataset.at(-1) ?? this.context.defaultDataset?.datasetId;
    if (datasetId === undefined)
      throw invalid(
        `INFORMATION_SCHEMA.${view} must be qualified with a dataset in this server (e.g. dataset.INFORMATION_SCHEMA.${view}).`,
      );
    this.warehouse.catalog.requireDataset(projectOf, datasetId);
    const tables = this.warehouse.catalog.tables(projectOf, datasetId);
    return { kind: 'rows', ...informationSchema(view, tables, counts) };
  }

  parameter(name: string | undefined): { readonly sql: string; readonly parameter: QueryParameter } {
    const parameter = name === undefined ? this.#nextPositional() : this.#named(name);
    let index = name === undefined ? -1 : this.used.indexOf(parameter);
    if (index < 0) index = this.used.push(parameter) - 1;
    return { sql: `CAST($${index + 1} AS ${duckTypeOf(typeOfField(parameter.field))})`, parameter };
  }

  systemVariable(name: string): string | undefined {
    const { projectId, system } = this.context;
    const known: Readonly<Record<string, string>> = {
      project_id: projectId,
      dataset_project_id: projectId,
      time_zone: 'UTC',
      ...system,
    };
    return known[name];
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

/** Partitioning of a table by time; `undefined` if it has none. */
export function partitioningOf({
  fields,
  hasIngestionTime,
  properties,
}: TableEntry): Partitioning | undefined {
  const { field, type } = objectAt(properties, 'timePartitioning');
  const column = hasIngestionTime === true ? PARTITION_TIME : fields.find(({ name }) => name === field);
  if (column?.type !== 'DATE' && column?.type !== 'DATETIME' && column?.type !== 'TIMESTAMP')
    return undefined;
  const unit = type === 'HOUR' || type === 'MONTH' || type === 'YEAR' ? type : 'DAY';
  return { column: column.name, type: column.type, unit };
}

/** The filter that queries of a table need; `undefined` if it asks for none. */
export function requiredFilter(entry: TableEntry): RequiredFilter | undefined {
  const column = objectAt(entry.properties, 'timePartitioning')['field'];
  if (entry.properties['requirePartitionFilter'] !== true) return undefined;
  const { datasetId, tableId } = entry.name;
  const table = `${datasetId}.${tableId}`;
  if (typeof column === 'string') return { columns: [column], table };
  return entry.hasIngestionTime === true
    ? { columns: ['_PARTITION_LOAD_TIME', '_PARTITIONDATE', '_PARTITIONTIME'], table }
    : undefined;
}
