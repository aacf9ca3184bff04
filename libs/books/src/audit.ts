import { allRows, type Sql, type SqlQuery, type SqlRow } from '@pipeline/google-clients';
import { BooksError } from './books.errors.js';
import {
  booksQuery,
  ledgerQuery,
  mistimedQuery,
  sightings,
  unaccountedQuery,
  type BooksScope,
} from './books-sql.js';
import { listEventTables } from './event-tables.js';
import type { Span } from './span.js';
import { numberOf, textOf, textOrNull } from './sql-row.js';
import { estimateGroups, isGrouped, withTables } from './tables-union.js';

/** Counts of messages, each id once; `duplicates` are rows beyond the first. */
export interface BooksCounts {
  readonly received: number;
  readonly rows: number;
  readonly deadLetters: number;
  /** Dead letters that an operator dismissed; not among `deadLetters`. */
  readonly dismissed: number;
  /** Whole messages in `_quarantine`, because their type may not have a table yet. */
  readonly quarantined: number;
  /** Younger than an event may take. */
  readonly inProgress: number;
  /** received − rows − dead letters − dismissed − quarantined − in progress. */
  readonly unaccounted: number;
  readonly duplicates: number;
  /** Message ids that have a row but are not in the archive. */
  readonly unarchived: number;
  /** Messages whose row has another publish time than the archive: another event under their id. Must be 0. */
  readonly mistimed: number;
}

/** The books of one hour of publish time and one table; `table` is null where none is known. */
export interface BooksLine extends BooksCounts {
  readonly hour: string;
  readonly table: string | null;
}

/** A message that is neither a row nor a dead letter, nor quarantined or in progress. */
export interface UnaccountedMessage {
  readonly messageId: string;
  readonly publishedAt: string;
}

/** A message whose row has another publish time than the archive. */
export interface MistimedMessage extends UnaccountedMessage {
  readonly table: string;
}

export interface Books {
  readonly span: Span;
  readonly auditedAt: Date;
  readonly totals: BooksCounts;
  /** By hour, then table. */
  readonly lines: readonly BooksLine[];
  /** The oldest ones, up to the limit; `totals.unaccounted` is how many there are. */
  readonly unaccounted: readonly UnaccountedMessage[];
  /** The oldest ones, up to the limit; `totals.mistimed` is how many there are. */
  readonly mistimed: readonly MistimedMessage[];
  /** Bytes by the dry run; null if the caller did not ask for it. */
  readonly estimatedBytes: number | null;
}

export interface AuditOptions {
  readonly span: Span;
  readonly now: Date;
  /** Longest time in progress, in milliseconds: the wait limit and the time of delivery. */
  readonly inProgressMs: number;
  /** Event tables to read; all of the dataset if absent. */
  readonly tables?: readonly string[];
  /**
   * Counts only messages with a row or a dead letter of `tables`. A message without either belongs to no table, so that
   * nothing is unaccounted in such books.
   */
  readonly onlyTables?: boolean;
  /** Unaccounted messages to name at most. */
  readonly limit?: number;
  /** Refuse a query that would read more bytes than this, by its dry run and by BigQuery's own limit. */
  readonly maxBytes?: number;
  /** Called before the query runs. */
  readonly onEstimate?: (bytes: number) => void;
}

/** Ten minutes of waiting for a table, and five for everything else. */
export const DEFAULT_IN_PROGRESS_MS = 900_000;
const DEFAULT_LIMIT = 1_000;

/**
 * Takes the books of a span of publish time, of any number of tables.
 *
 * Invariant: `received = rows + deadLetters + dismissed + quarantined + inProgress + unaccounted`, in total and on every line.
 * @throws CloudError as BigQuery fails; BooksError `TOO_EXPENSIVE` if the dry run exceeds `maxBytes`
 */
export async function audit(sql: Sql, options: AuditOptions): Promise<Books> {
  const scope = await scopeOf(sql, options);
  const { limit = DEFAULT_LIMIT } = options;
  const estimatedBytes = await estimateWithin(sql, scope, options);
  return withTables(sql, scope.tables, sightings(sql, scope), async (source) => {
    const all = (await allRows(sql, booksQuery(source, scope))).map(toLine).sort(byHourAndTable);
    const wanted = options.onlyTables === true ? new Set<string | null>(scope.tables) : null;
    const lines = wanted === null ? all : all.filter(({ table }) => wanted.has(table));
    const totals = sumCounts(lines);
    const ids = (count: number, query: SqlQuery): Promise<SqlRow[]> =>
      count === 0 ? Promise.resolve([]) : allRows(sql, query);
    return {
      span: options.span,
      auditedAt: options.now,
      totals,
      lines,
      unaccounted: (await ids(totals.unaccounted, unaccountedQuery(source, scope, limit))).map(toMessage),
      mistimed: (await ids(totals.mistimed, mistimedQuery(source, scope, limit))).map(toMistimed),
      estimatedBytes,
    };
  });
}

/** Bytes that the audit would read, without running it. */
export async function estimateAudit(
  sql: Sql,
  options: Pick<AuditOptions, 'span' | 'now' | 'inProgressMs' | 'tables'>,
): Promise<number> {
  return estimate(sql, await scopeOf(sql, options));
}

/**
 * Writes the books of the span, by hour and table, to `_ledger`. Of several audits of an hour the latest holds.
 *
 * Only whole hours: the hour of the beginning is taken whole, the hour of the end is left to the next audit.
 */
export async function writeLedger(
  sql: Sql,
  options: Pick<AuditOptions, 'span' | 'now' | 'inProgressMs' | 'tables' | 'maxBytes'> & {
    readonly actor: string;
  },
): Promise<void> {
  const span = { from: startOfHour(options.span.from), to: startOfHour(options.span.to) };
  if (span.from >= span.to) return;
  const scope = await scopeOf(sql, { ...options, span });
  const by = { auditedAt: options.now, actor: options.actor };
  await withTables(sql, scope.tables, sightings(sql, scope), (source) =>
    sql.execute(ledgerQuery(sql, source, scope, by)),
  );
}

async function estimateWithin(
  sql: Sql,
  scope: BooksScope,
  { maxBytes, onEstimate }: AuditOptions,
): Promise<number | null> {
  if (maxBytes === undefined && onEstimate === undefined) return null;
  const bytes = await estimate(sql, scope);
  onEstimate?.(bytes);
  if (maxBytes !== undefined && bytes > maxBytes) {
    throw new BooksError({
      code: 'TOO_EXPENSIVE',
      message: `the audit would read ${bytes} bytes, more than the ${maxBytes} allowed: choose a shorter span`,
    });
  }
  return bytes;
}

async function estimate(sql: Sql, scope: BooksScope): Promise<number> {
  const query = sightings(sql, scope);
  if (isGrouped(scope.tables)) return estimateGroups(sql, scope.tables, query);
  return withTables(sql, scope.tables, query, (source) => sql.estimateBytes(booksQuery(source, scope)));
}

/** The sum of some lines. */
export function sumCounts(lines: readonly BooksCounts[]): BooksCounts {
  const sum = (name: keyof BooksCounts): number => lines.reduce((total, line) => total + line[name], 0);
  return {
    received: sum('received'),
    rows: sum('rows'),
    deadLetters: sum('deadLetters'),
    dismissed: sum('dismissed'),
    quarantined: sum('quarantined'),
    inProgress: sum('inProgress'),
    unaccounted: sum('unaccounted'),
    duplicates: sum('duplicates'),
    unarchived: sum('unarchived'),
    mistimed: sum('mistimed'),
  };
}

function startOfHour(time: Date): Date {
  const start = new Date(time);
  start.setUTCMinutes(0, 0, 0);
  return start;
}

async function scopeOf(
  sql: Sql,
  {
    span,
    now,
    inProgressMs,
    tables,
    maxBytes,
  }: Pick<AuditOptions, 'span' | 'now' | 'inProgressMs' | 'tables' | 'maxBytes'>,
): Promise<BooksScope> {
  return {
    span,
    tables: tables ?? (await listEventTables(sql)),
    inProgressSince: new Date(now.getTime() - inProgressMs),
    ...(maxBytes === undefined ? {} : { maximumBytesBilled: maxBytes }),
  };
}

function toLine(row: SqlRow): BooksLine {
  return {
    hour: textOf(row, 'span_start'),
    table: textOrNull(row, 'table_name'),
    received: numberOf(row, 'received'),
    rows: numberOf(row, 'row_count'),
    deadLetters: numberOf(row, 'dead_letters'),
    dismissed: numberOf(row, 'dismissed'),
    quarantined: numberOf(row, 'quarantined'),
    inProgress: numberOf(row, 'in_progress'),
    unaccounted: numberOf(row, 'unaccounted'),
    duplicates: numberOf(row, 'duplicates'),
    unarchived: numberOf(row, 'unarchived'),
    mistimed: numberOf(row, 'mistimed'),
  };
}

function toMessage(row: SqlRow): UnaccountedMessage {
  return { messageId: textOf(row, 'id'), publishedAt: textOf(row, 'published_at') };
}

function toMistimed(row: SqlRow): MistimedMessage {
  return { ...toMessage(row), table: textOf(row, 'table_name') };
}

function byHourAndTable(left: BooksLine, right: BooksLine): number {
  return compare(left.hour, right.hour) || compare(left.table ?? '', right.table ?? '');
}

function compare(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}
