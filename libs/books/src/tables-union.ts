import { randomUUID } from 'node:crypto';
import { CloudError, type Sql, type SqlQuery } from '@pipeline/google-clients';

/**
 * Event tables of one statement. BigQuery refers to at most 1,000 tables in one; archive, dead letters and ledger are three.
 * Source: BigQuery quotas, query jobs, read 2026-11-23.
 */
export const MAX_TABLES_PER_STATEMENT = 900;
/** Selects of one UNION ALL: a parser that reads a union as a tree is as deep as it is long. */
const MAX_SELECTS_PER_UNION = 100;
/** Longer than any audit; a killed one leaves its table no longer. */
const TEMPORARY_HOURS = 6;

/** The same select over many tables. */
export interface TablesSelect {
  /** Column name → type, in the order of `select`. */
  readonly columns: Readonly<Record<string, 'STRING' | 'TIMESTAMP' | 'INT64' | 'JSON'>>;
  /** The select of one table. */
  readonly select: (table: string) => string;
  /** Selects of other sources. */
  readonly others?: readonly string[];
  /** The select of `columns` over the union of the tables' selects; without it the union is the result. */
  readonly combine?: (union: string) => string;
  readonly parameters: NonNullable<SqlQuery['parameters']>;
  readonly maximumBytesBilled?: number;
}

/** The select over every table, until it is closed. */
export interface TablesSource {
  /** A table expression for FROM. */
  readonly source: string;
  readonly close: () => Promise<void>;
}

/** Runs `use` with {@link openTables}, and closes it. */
export async function withTables<Result>(
  sql: Sql,
  tables: readonly string[],
  query: TablesSelect,
  use: (source: string) => Promise<Result>,
): Promise<Result> {
  const { source, close } = await openTables(sql, tables, query);
  try {
    return await use(source);
  } finally {
    await close();
  }
}

/**
 * A table expression that holds the select over every table.
 *
 * Up to {@link MAX_TABLES_PER_STATEMENT} tables it is a subquery. Beyond, the rows go group by group into a temporary table
 * `_audit_…` of the dataset, which `close` drops and which expires by itself.
 *
 * Errors: a caller who may not create tables gets PERMISSION_DENIED with the remedy.
 */
export async function openTables(
  sql: Sql,
  tables: readonly string[],
  query: TablesSelect,
): Promise<TablesSource> {
  const groups = groupsOf(tables);
  const [only = []] = groups;
  if (groups.length <= 1)
    return { source: `(\n${unionOf(only, query, true)}\n)`, close: () => Promise.resolve() };
  const name = sql.name(`_audit_${randomUUID().replaceAll('-', '')}`);
  await create(sql, name, query);
  const close = (): Promise<void> =>
    sql.execute({ sql: `DROP TABLE IF EXISTS ${name}` }).catch(() => undefined);
  try {
    for (const [index, group] of groups.entries()) {
      await sql.execute({
        ...limited(query),
        sql: `INSERT INTO ${name} (${Object.keys(query.columns).join(', ')})\n${unionOf(group, query, index === 0)}`,
        parameters: query.parameters,
      });
    }
    return { source: name, close };
  } catch (cause) {
    await close();
    throw cause;
  }
}

/** Bytes that {@link withTables} reads to fill its source, by dry runs; 0 if the source is a subquery of one statement. */
export async function estimateGroups(
  sql: Sql,
  tables: readonly string[],
  query: TablesSelect,
): Promise<number> {
  const groups = groupsOf(tables);
  if (groups.length <= 1) return 0;
  let bytes = 0;
  for (const [index, group] of groups.entries())
    bytes += await sql.estimateBytes({
      sql: unionOf(group, query, index === 0),
      parameters: query.parameters,
    });
  return bytes;
}

/** Do these tables need a temporary table? */
export function isGrouped(tables: readonly string[]): boolean {
  return tables.length > MAX_TABLES_PER_STATEMENT;
}

/** The columns of a select without rows, for a dry run of the statement that reads the temporary table. */
export function emptySource({ columns }: TablesSelect): string {
  const nulls = Object.entries(columns).map(([name, type]) => `CAST(NULL AS ${type}) AS ${name}`);
  return `(SELECT ${nulls.join(', ')} LIMIT 0)`;
}

function groupsOf(tables: readonly string[]): (readonly string[])[] {
  const groups: (readonly string[])[] = [];
  for (let start = 0; start < tables.length; start += MAX_TABLES_PER_STATEMENT)
    groups.push(tables.slice(start, start + MAX_TABLES_PER_STATEMENT));
  return groups;
}

function unionOf(tables: readonly string[], query: TablesSelect, withOthers: boolean): string {
  const selects = [...(withOthers ? (query.others ?? []) : []), ...tables.map(query.select)];
  if (selects.length === 0) return emptySource(query).slice(1, -1);
  const union = unionAll(selects);
  return query.combine?.(`(\n${union}\n)`) ?? union;
}

function unionAll(selects: readonly string[]): string {
  if (selects.length <= MAX_SELECTS_PER_UNION) return selects.join('\nUNION ALL ');
  const unions: string[] = [];
  for (let start = 0; start < selects.length; start += MAX_SELECTS_PER_UNION) {
    const part = selects.slice(start, start + MAX_SELECTS_PER_UNION).join('\nUNION ALL ');
    unions.push(`SELECT * FROM (\n${part}\n)`);
  }
  return unions.join('\nUNION ALL ');
}

async function create(sql: Sql, name: string, query: TablesSelect): Promise<void> {
  const columns = Object.entries(query.columns).map(([column, type]) => `${column} ${type}`);
  const expires = new Date(Date.now() + TEMPORARY_HOURS * 3_600_000).toISOString();
  try {
    await sql.execute({
      sql: `CREATE TABLE ${name} (${columns.join(', ')}) OPTIONS(expiration_timestamp=TIMESTAMP '${expires}')`,
    });
  } catch (cause) {
    if (!(cause instanceof CloudError) || cause.code !== 'PERMISSION_DENIED') throw cause;
    const message = `More than ${MAX_TABLES_PER_STATEMENT} tables need a temporary table: ${cause.message}; or name fewer tables with --table`;
    throw new CloudError({ code: 'PERMISSION_DENIED', message, cause });
  }
}

function limited({ maximumBytesBilled }: TablesSelect): Pick<SqlQuery, 'maximumBytesBilled'> {
  return maximumBytesBilled === undefined ? {} : { maximumBytesBilled };
}
