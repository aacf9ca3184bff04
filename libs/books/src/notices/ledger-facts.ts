import type { Fact } from './notice.js';

const HOUR_MS = 3_600_000;
/** Hours before an hour with which it is compared; as many hours are looked at. */
const BASE_HOURS = 24;
/** Fewer dead letters in an hour are not a rise. */
const MIN_DEAD_LETTERS = 10;
/** A rise is this many times the worst hour of the day before. */
const RISE = 3;

/** Hours of the ledger that are read. */
export const LEDGER_HOURS = 2 * BASE_HOURS + 2;

/** One hour of publish time and table, as its last audit counted it. */
export interface LedgerLine {
  readonly hour: string;
  readonly received: number;
  readonly deadLetters: number;
  readonly inProgress: number;
  readonly unaccounted: number;
  readonly auditedAt: string;
}

/** The hours of one table; `table` is null for messages of which no table is known. */
export interface LedgerTable {
  readonly table: string | null;
  readonly lines: readonly LedgerLine[];
}

/**
 * Returns the facts of `_ledger` about the last 24 audited hours. They are as fresh as the audits.
 *
 * - `books.unbalanced`: hours with unaccounted messages; another number is another fact.
 * - `deadletters.rising`: hours with at least 10 dead letters of a table, and three times those of the worst of the 24 hours before.
 * - `type.silent`: the first hour without messages of a table that had some in each of the 24 hours before. An hour with messages
 *   in progress is left to the next audit.
 */
export function ledgerFacts(tables: readonly LedgerTable[]): readonly Fact[] {
  const hours = new Map<number, HourTotals>();
  for (const { lines } of tables) for (const line of lines) addTo(hours, line);
  const audited = auditedHours(hours);
  const last = audited.at(-1);
  if (last === undefined) return [];
  const recent = audited.filter((hour) => hour > last - BASE_HOURS * HOUR_MS);
  return [
    ...recent.flatMap((hour) => unbalanced(hour, hours.get(hour))),
    ...tables.flatMap((table) => recent.flatMap((hour) => rising(table, hour))),
    ...tables.flatMap((table) => recent.flatMap((hour) => silent(table, hour, hours.get(hour)))),
  ];
}

interface HourTotals {
  unaccounted: number;
  inProgress: number;
  auditedAtMs: number;
}

function addTo(hours: Map<number, HourTotals>, line: LedgerLine): void {
  const start = Date.parse(line.hour);
  const totals = hours.get(start) ?? { unaccounted: 0, inProgress: 0, auditedAtMs: 0 };
  totals.unaccounted += line.unaccounted;
  totals.inProgress += line.inProgress;
  totals.auditedAtMs = Math.max(totals.auditedAtMs, Date.parse(line.auditedAt));
  hours.set(start, totals);
}

/**
 * The hours that were audited, in order. An hour without a message has no line: it was audited if an audit after its end has lines of
 * the hour before.
 */
function auditedHours(hours: ReadonlyMap<number, HourTotals>): readonly number[] {
  const audited = new Set(hours.keys());
  for (const [hour, { auditedAtMs }] of hours)
    if (auditedAtMs >= hour + 2 * HOUR_MS) audited.add(hour + HOUR_MS);
  return [...audited].sort((left, right) => left - right);
}

function unbalanced(hour: number, totals: HourTotals | undefined): readonly Fact[] {
  if (totals === undefined || totals.unaccounted === 0) return [];
  const { unaccounted, auditedAtMs } = totals;
  const item = { hour: textOf(hour), unaccounted, auditedAt: textOf(auditedAtMs) };
  return [{ type: 'books.unbalanced', table: null, key: `${item.hour}\n${unaccounted}`, item }];
}

function rising({ table, lines }: LedgerTable, hour: number): readonly Fact[] {
  const deadLetters = lines.find((line) => Date.parse(line.hour) === hour)?.deadLetters ?? 0;
  const worstHourBefore = Math.max(0, ...linesBefore(lines, hour).map((line) => line.deadLetters));
  if (deadLetters < MIN_DEAD_LETTERS || deadLetters < RISE * worstHourBefore) return [];
  const item = { hour: textOf(hour), deadLetters, worstHourBefore };
  return [{ type: 'deadletters.rising', table, key: `${table ?? ''}\n${item.hour}`, item }];
}

function silent(
  { table, lines }: LedgerTable,
  hour: number,
  totals: HourTotals | undefined,
): readonly Fact[] {
  if (table === null || (totals?.inProgress ?? 0) > 0) return [];
  const receivedIn = (line: LedgerLine | undefined): boolean => line !== undefined && line.received > 0;
  if (receivedIn(lines.find((line) => Date.parse(line.hour) === hour))) return [];
  const before = linesBefore(lines, hour).filter(receivedIn);
  if (before.length < BASE_HOURS) return [];
  const received = before.reduce((sum, line) => sum + line.received, 0);
  const item = { silentSince: textOf(hour), receivedInDayBefore: received };
  return [{ type: 'type.silent', table, key: `${table}\n${item.silentSince}`, item }];
}

function linesBefore(lines: readonly LedgerLine[], hour: number): readonly LedgerLine[] {
  return lines.filter(({ hour: text }) => {
    const start = Date.parse(text);
    return start < hour && start >= hour - BASE_HOURS * HOUR_MS;
  });
}

function textOf(ms: number): string {
  return new Date(ms).toISOString();
}
