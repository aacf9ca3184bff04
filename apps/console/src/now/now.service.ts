import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import {
  audit,
  deadLetterGroups,
  listEventTables,
  overflowGroups,
  sumCounts,
  tableActivity,
  withoutRejected,
  type BooksLine,
  type TableActivity,
} from '@pipeline/books';
import { Warehouse } from '../warehouse/warehouse.js';
import { concernsOf } from './concerns.js';
import type { MinuteView, NowView, TableNowView } from './now.dto.js';

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;
/** Concerns that a screen lists. */
const MAX_CONCERNS = 100;

/**
 * The state of the pipeline over the last day. All pages share one reading, which is kept for the refresh time: nothing is
 * read while no page asks. In the local cloud, where a reading costs nothing, the first one is taken at the start, so that
 * the first page has figures at once.
 */
@Injectable()
export class NowService implements OnApplicationBootstrap {
  readonly #warehouse: Warehouse;
  readonly #refreshMs: number;
  #reading: Promise<NowView> | null = null;
  #readAtMs = 0;
  #newest: NowView | null = null;

  constructor(warehouse: Warehouse, refreshMs: number) {
    this.#warehouse = warehouse;
    this.#refreshMs = refreshMs;
  }

  onApplicationBootstrap(): void {
    // A page that is opened later shows the reason of a failure.
    if (this.#warehouse.isLocal) this.read().catch(() => undefined);
  }

  read(): Promise<NowView> {
    const nowMs = this.#warehouse.now().getTime();
    if (this.#reading === null || nowMs - this.#readAtMs >= this.#refreshMs) {
      this.#readAtMs = nowMs;
      const reading = this.#take();
      this.#reading = reading;
      reading.then(
        (view) => {
          this.#newest = view;
        },
        () => {
          // A failed reading is not kept.
          if (this.#reading === reading) this.#reading = null;
        },
      );
    }
    return this.#reading;
  }

  /** The newest reading if its refresh time is over: figures to show until the next one is there. */
  outdated(): NowView | null {
    const newest = this.#newest;
    if (newest === null) return null;
    return this.#warehouse.now().getTime() - Date.parse(newest.takenAt) >= this.#refreshMs ? newest : null;
  }

  async #take(): Promise<NowView> {
    const { sql, inProgressMs, maxBytes, isLocal } = this.#warehouse;
    const now = this.#warehouse.now();
    const span = { from: new Date(now.getTime() - DAY_MS), to: now };
    const lastHour = { from: new Date(now.getTime() - HOUR_MS), to: now };
    const tables = await listEventTables(sql);
    const [books, deadLetters, overflow, activity] = await Promise.all([
      // The dry run that a limit needs costs more than the books of a laptop.
      audit(sql, { span, now, inProgressMs, tables, ...(isLocal ? {} : { maxBytes }) }),
      deadLetterGroups(sql, { since: span.from, dismissed: 'exclude' }),
      overflowGroups(sql, tables, span).then((groups) => withoutRejected(sql, groups)),
      tableActivity(sql, tables, { span: lastHour, by: 'MINUTE' }),
    ]);
    const { totals, lines, unaccounted, mistimed } = books;
    return {
      takenAt: now.toISOString(),
      refreshSeconds: this.#refreshMs / 1_000,
      isLocal,
      span: { from: span.from.toISOString(), to: span.to.toISOString() },
      totals,
      concerns: concernsOf({ totals, unaccounted, mistimed, deadLetters, overflow }).slice(0, MAX_CONCERNS),
      tables: toTables(lines, activity, now),
      minutes: toMinutes(activity),
    };
  }
}

/** A line per table, the most received first. */
export function toTables(
  lines: readonly BooksLine[],
  activity: readonly TableActivity[],
  now: Date,
): TableNowView[] {
  const byTable = Map.groupBy(lines, ({ table }) => table);
  const activityOf = Map.groupBy(activity, ({ table }) => table);
  const lastMinuteMs = Math.floor(now.getTime() / MINUTE_MS) * MINUTE_MS - MINUTE_MS;
  const tables = [...byTable].map(([table, group]): TableNowView => {
    const recent = table === null ? [] : (activityOf.get(table) ?? []);
    const lastMinute = recent.filter(({ start }) => Date.parse(start) === lastMinuteMs);
    return {
      table,
      ...sumCounts(group),
      rowsLastMinute: lastMinute.reduce((sum, { rows }) => sum + rows, 0),
      longestLagMs: recent.length === 0 ? null : Math.max(...recent.map(({ longestLagMs }) => longestLagMs)),
      lastPublishedAt: recent.at(-1)?.lastPublishedAt ?? null,
    };
  });
  return tables.sort((left, right) => right.received - left.received);
}

function toMinutes(activity: readonly TableActivity[]): MinuteView[] {
  return [...Map.groupBy(activity, ({ start }) => start)].map(([start, group]) => ({
    start,
    rows: group.reduce((sum, { rows }) => sum + rows, 0),
    longestLagMs: Math.max(...group.map(({ longestLagMs }) => longestLagMs)),
  }));
}
