import { allRows, quoteName, type Sql } from '@pipeline/google-clients';
import type { ColumnLine } from './column-lines.js';
import type { Span } from './span.js';
import { numberOf } from './sql-row.js';

/** Rows of a span of publish time, and in how many of them each column has a value. */
export interface ColumnFill {
  readonly rows: number;
  /** By path. Fields inside a repeated record are left out: they have no value per row. */
  readonly filled: Readonly<Record<string, number>>;
}

/** Counts of one statement: BigQuery returns at most 10,000 columns. Source: BigQuery quotas, read 2026-11-29. */
const COUNTS_PER_STATEMENT = 1_000;

/** Counts the rows in which each column has a value. Reads the whole columns: {@link estimateColumnFill} first. */
export async function columnFill(
  sql: Sql,
  table: string,
  { columns, span }: { readonly columns: readonly ColumnLine[]; readonly span: Span },
): Promise<ColumnFill> {
  const counted = countable(columns);
  const filled: [string, number][] = [];
  let rows = 0;
  for (let start = 0; start === 0 || start < counted.length; start += COUNTS_PER_STATEMENT) {
    const part = counted.slice(start, start + COUNTS_PER_STATEMENT);
    const [row] = await allRows(sql, fillQuery(sql, table, { columns: part, span }));
    rows = numberOf(row, 'row_count');
    part.forEach(({ path }, index) => filled.push([path, numberOf(row, `filled_${index}`)]));
  }
  return { rows, filled: Object.fromEntries(filled) };
}

/** Bytes that {@link columnFill} reads, by dry runs, which are free. */
export async function estimateColumnFill(
  sql: Sql,
  table: string,
  { columns, span }: { readonly columns: readonly ColumnLine[]; readonly span: Span },
): Promise<number> {
  const counted = countable(columns);
  let bytes = 0;
  for (let start = 0; start === 0 || start < counted.length; start += COUNTS_PER_STATEMENT) {
    const part = counted.slice(start, start + COUNTS_PER_STATEMENT);
    bytes += await sql.estimateBytes(fillQuery(sql, table, { columns: part, span }));
  }
  return bytes;
}

function fillQuery(
  sql: Sql,
  table: string,
  { columns, span }: { readonly columns: readonly ColumnLine[]; readonly span: Span },
): { readonly sql: string; readonly parameters: Readonly<Record<string, Date>> } {
  const counts = columns.map(({ path, mode }, index) => {
    const name = path.split('.').map(quoteName).join('.');
    const has = mode === 'REPEATED' ? `ARRAY_LENGTH(${name}) > 0` : `${name} IS NOT NULL`;
    return `COUNTIF(${has}) AS filled_${index}`;
  });
  return {
    sql: `SELECT ${['COUNT(*) AS row_count', ...counts].join(', ')} FROM ${sql.name(table)} WHERE _publish_time >= @span_from AND _publish_time < @span_to`,
    parameters: { span_from: span.from, span_to: span.to },
  };
}

/** The columns that have one value per row. */
function countable(columns: readonly ColumnLine[]): ColumnLine[] {
  const repeated = columns.filter(({ mode }) => mode === 'REPEATED').map(({ path }) => `${path}.`);
  return columns.filter(({ path }) => !repeated.some((above) => path.startsWith(above)));
}
