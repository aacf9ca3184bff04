import { allRows, type Sql, type SqlRow } from '@pipeline/google-clients';
import { BooksError } from './books.errors.js';
import { booksQuery, ledgerQuery, unaccountedQuery, type BooksScope } from './books-sql.js';
import { listEventTables } from './event-tables.js';
import type { Span } from './span.js';
import { numberOf, textOf, textOrNull } from './sql-row.js';

/** Counts of messages, each id once; `duplicates` are rows beyond the first. */
export interface BooksCounts {
  readonly received: number;
  readonly rows: number;
  readonly deadLetters: number;
  /** Younger than an event may take. */
  readonly inProgress: number;
  /** received − rows − dead letters − in progress. */
  readonly unaccounted: number;
  readonly duplicates: number;
  /** Message ids that have a row but are not in the archive. */
  readonly unarchived: number;
}

/** The books of one hour of publish time and one table; `table` is null where none is known. */
export interface BooksLine extends BooksCounts {
  readonly hour: string;
  readonly table: string | null;
}

/** A message that is neither a row nor a dead letter nor in progress. */
export interface UnaccountedMessage {
  readonly messageId: string;
  readonly publishedAt: string;
}

export interface Books {
  readonly span: Span;
  readonly auditedAt: Date;
  readonly totals: BooksCounts;
  /** By hour, then table. */
  readonly lines: readonly BooksLine[];
  /** The oldest ones, up to the limit; `totals.unaccounted` is how many there are. */
  readonly unaccounted: readonly UnaccountedMessage[];
  /** What the query was to read, by its dry run. */
  readonly estimatedBytes: number;
}

export interface AuditOptions {
  readonly span: Span;
  readonly now: Date;
  /** How long a message may be on its way, in milliseconds: the wait limit and what delivery takes. */
  readonly inProgressMs: number;
  /** Event tables to look into; all of the dataset when absent. */
  readonly tables?: readonly string[];
  /** Unaccounted messages to name at most. */
  readonly limit?: number;
  /** Refuse a query that would read more than this. */
  readonly maxBytes?: number;
  /** Told before the query runs. */
  readonly onEstimate?: (bytes: number) => void;
}

/** Ten minutes of waiting for a column, and five for everything else. */
export const DEFAULT_IN_PROGRESS_MS = 900_000;
const DEFAULT_LIMIT = 1_000;

/**
 * Take the books of a span of publish time.
 *
 * Invariant: `received = rows + deadLetters + inProgress + unaccounted`, in total and on every line.
 * @throws CloudError as BigQuery fails; BooksError `TOO_EXPENSIVE` if the dry run exceeds `maxBytes`
 */
export async function audit(sql: Sql, options: AuditOptions): Promise<Books> {
  const scope = await scopeOf(sql, options);
  const query = booksQuery(sql, scope);
  const estimatedBytes = await sql.estimateBytes(query);
  options.onEstimate?.(estimatedBytes);
  if (options.maxBytes !== undefined && estimatedBytes > options.maxBytes) {
    throw new BooksError({
      code: 'TOO_EXPENSIVE',
      message: `the audit would read ${estimatedBytes} bytes, more than the ${options.maxBytes} allowed: take a shorter span`,
    });
  }
  const lines = (await allRows(sql, query)).map(toLine).sort(byHourAndTable);
  const totals = sumCounts(lines);
  const unaccounted =
    totals.unaccounted === 0
      ? []
      : (await allRows(sql, unaccountedQuery(sql, scope, options.limit ?? DEFAULT_LIMIT))).map(toUnaccounted);
  return { span: options.span, auditedAt: options.now, totals, lines, unaccounted, estimatedBytes };
}

/** What taking the books would read, in bytes, without taking them. */
export async function estimateAudit(
  sql: Sql,
  options: Pick<AuditOptions, 'span' | 'now' | 'inProgressMs' | 'tables'>,
): Promise<number> {
  return sql.estimateBytes(booksQuery(sql, await scopeOf(sql, options)));
}

/**
 * Write the books of the span, by hour and table, to `_ledger`. Of several audits of an hour the latest holds.
 *
 * Only whole hours: the one that the span begins in is taken whole, the one that it ends in is left to the next time.
 */
export async function writeLedger(
  sql: Sql,
  options: Pick<AuditOptions, 'span' | 'now' | 'inProgressMs' | 'tables'> & { readonly actor: string },
): Promise<void> {
  const span = { from: startOfHour(options.span.from), to: startOfHour(options.span.to) };
  if (span.from >= span.to) return;
  const scope = await scopeOf(sql, { ...options, span });
  await sql.execute(ledgerQuery(sql, scope, { auditedAt: options.now, actor: options.actor }));
}

/** The sum of some lines. */
export function sumCounts(lines: readonly BooksCounts[]): BooksCounts {
  const sum = (name: keyof BooksCounts): number => lines.reduce((total, line) => total + line[name], 0);
  return {
    received: sum('received'),
    rows: sum('rows'),
    deadLetters: sum('deadLetters'),
    inProgress: sum('inProgress'),
    unaccounted: sum('unaccounted'),
    duplicates: sum('duplicates'),
    unarchived: sum('unarchived'),
  };
}

function startOfHour(time: Date): Date {
  const start = new Date(time);
  start.setUTCMinutes(0, 0, 0);
  return start;
}

async function scopeOf(
  sql: Sql,
  { span, now, inProgressMs, tables }: Pick<AuditOptions, 'span' | 'now' | 'inProgressMs' | 'tables'>,
): Promise<BooksScope> {
  return {
    span,
    tables: tables ?? (await listEventTables(sql)),
    inProgressSince: new Date(now.getTime() - inProgressMs),
  };
}

function toLine(row: SqlRow): BooksLine {
  return {
    hour: textOf(row, 'span_start'),
    table: textOrNull(row, 'table_name'),
    received: numberOf(row, 'received'),
    rows: numberOf(row, 'row_count'),
    deadLetters: numberOf(row, 'dead_letters'),
    inProgress: numberOf(row, 'in_progress'),
    unaccounted: numberOf(row, 'unaccounted'),
    duplicates: numberOf(row, 'duplicates'),
    unarchived: numberOf(row, 'unarchived'),
  };
}

function toUnaccounted(row: SqlRow): UnaccountedMessage {
  return { messageId: textOf(row, 'id'), publishedAt: textOf(row, 'published_at') };
}

function byHourAndTable(left: BooksLine, right: BooksLine): number {
  return compare(left.hour, right.hour) || compare(left.table ?? '', right.table ?? '');
}

function compare(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}
