import { randomUUID } from 'node:crypto';
import { CloudError } from '@pipeline/google-clients';
import type { TableSchema } from '@pipeline/schema-inference';
import type { TableNeed } from '../schema-changes/reconciler-options.js';
import { retypedColumns } from '../schema-changes/retyped-columns.js';
import type { StoredTable, TableStore } from '../schema-changes/table-store.port.js';
import { candidateDays, changedTables, spentBytes, type CandidateDay } from './candidates.js';
import { PendingNeeds } from './pending-needs.js';
import { promoteDay, type DayCounts, type PromotionPorts } from './promote-day.js';
import { outcomeOf, recordPromotions, type PromotedDay, type PromotionOutcome } from './promotion-record.js';
import { candidateCondition, type PromotionScope } from './promotion-sql.js';
import type { RetypeEnd, RetypeProgress } from './retype-end.js';
import { Spending, SpendingError } from './spending.js';

export interface PromoterOptions extends PromotionPorts {
  readonly store: Pick<TableStore, 'read' | 'listTables'>;
  /** Changes the table until the need is met; without it promotion changes no table. @throws CloudError */
  readonly ensure?: (tableId: string, need: TableNeed) => Promise<unknown>;
  /** Ends retypes whose values have all moved, in runs of scope `all`. */
  readonly retypes?: Pick<RetypeEnd, 'finish'>;
  /** Bytes that one table may cost in one day (UTC) and scope. */
  readonly maxBytes: number;
  /** Service and version. */
  readonly actor: string;
}

export interface PromotionRequest {
  /** Tables to look at; by default with scope `all` every table, else those whose schema changed since `changedSince`. */
  readonly tables?: readonly string[];
  /** More tables with scope `waiting`: a change that failed is in no history. */
  readonly alsoTables?: readonly string[];
  readonly changedSince: Date;
  readonly scope: PromotionScope;
  /** Rows published before are left out. */
  readonly publishedSince: Date;
  /** Counts the values that would move, and changes nothing. */
  readonly isDryRun: boolean;
  /** For a dry run of one table: its schema after a change that is not made. */
  readonly planned?: { readonly schema: TableSchema; readonly absent: string };
  /** No day is begun after this instant. */
  readonly endsAtMs: number;
}

/** The part of a request for every row of a table, however old. */
export const ALL_ROWS = {
  scope: 'all',
  publishedSince: new Date(0),
  changedSince: new Date(0),
} as const;

export interface PromotionRun {
  readonly runId: string;
  readonly days: readonly PromotedDay[];
  /** The retyped columns of a run of scope `all`. */
  readonly retypes: readonly RetypeProgress[];
  /** False if the time was over before every day was looked at. */
  readonly isComplete: boolean;
}

/** Passes over a table whose schema changes meanwhile, and after the changes that its rows lacked. */
const MAX_PASSES = 4;
const DAY_MS = 86_400_000;

/**
 * Moves values from `_overflow` and from retired columns to the columns that have come since.
 *
 * Safe beside appends, schema changes and other promoters; a run that is killed leaves a staging table that expires, and the
 * next run continues. Costs nothing if no row waits but the query that finds that out.
 */
export class Promoter {
  constructor(private readonly options: PromoterOptions) {}

  /** @throws CloudError with disposition `setup`, and if the candidates cannot be read */
  async run(request: PromotionRequest): Promise<PromotionRun> {
    const run: RunState = { runId: randomUUID(), request, days: [], retypes: [], isComplete: true };
    const tables = await this.#tables(request);
    await this.#promote(run, tables);
    await this.#finishRetypes(run, tables);
    const { runId, days, retypes, isComplete } = run;
    return { runId, days, retypes, isComplete };
  }

  async #promote(run: RunState, tables: readonly StoredTable[]): Promise<void> {
    const { request } = run;
    const { scope, publishedSince: since } = request;
    const candidates = await candidateDays(this.options.sql, tables, { scope, since });
    if (candidates.length === 0) return;
    const midnight = new Date(Math.floor(Date.now() / DAY_MS) * DAY_MS);
    const spent = await spentBytes(this.options.sql, scope, midnight);
    for (const table of tables) {
      const days = candidates.filter(({ tableId }) => tableId === table.tableId);
      const spending = new Spending(this.options.maxBytes, spent.get(table.tableId) ?? 0);
      if (days.length > 0) await this.#promoteTable(run, { table, days, spending });
    }
  }

  /** A step that fails for now is taken by the next run. */
  async #finishRetypes({ request, retypes }: RunState, tables: readonly StoredTable[]): Promise<void> {
    const end = this.options.retypes;
    if (end === undefined || request.scope !== 'all' || request.isDryRun) return;
    for (const { tableId, schema } of tables) {
      if (retypedColumns(schema).length === 0 || Date.now() >= request.endsAtMs) continue;
      const progress = await end.finish(tableId).catch(throwSetup);
      retypes.push(...(progress ?? []));
    }
  }

  async #tables({ tables, planned, ...request }: PromotionRequest): Promise<readonly StoredTable[]> {
    const { store } = this.options;
    const names = tables ?? (await this.#namesOf(request));
    const stored: StoredTable[] = [];
    for (const name of names) {
      const table = await store.read(name);
      if (table !== null) stored.push(planned === undefined ? table : { ...table, schema: planned.schema });
    }
    return stored;
  }

  async #namesOf({
    scope,
    changedSince,
    alsoTables = [],
  }: Omit<PromotionRequest, 'tables'>): Promise<readonly string[]> {
    if (scope === 'all') return this.#eventTables();
    const changed = await changedTables(this.options.sql, changedSince);
    return [...new Set([...changed, ...alsoTables])];
  }

  async #eventTables(): Promise<readonly string[]> {
    const listed = await this.options.store.listTables();
    return listed
      .filter(({ tableId, isView }) => !isView && !tableId.startsWith('_'))
      .map(({ tableId }) => tableId);
  }

  async #promoteTable(run: RunState, work: TableWork): Promise<void> {
    const results = new Map<string, DayResult>();
    let { table } = work;
    for (let pass = 1; pass <= MAX_PASSES; pass++) {
      const needs = new PendingNeeds();
      for (const { day } of work.days) {
        if (Date.now() >= run.request.endsAtMs) {
          run.isComplete = false;
          break;
        }
        const result = await this.#promoteDay(run, { table, day, spending: work.spending, needs });
        results.set(day, joined(results.get(day), result));
      }
      const next = await this.#changed(run, table, needs);
      if (next === null) break;
      table = next;
    }
    await this.#finish(run, [...results.values()]);
  }

  /** @returns the table if it is another now, so that another pass makes sense */
  async #changed(
    { request }: RunState,
    table: StoredTable,
    needs: PendingNeeds,
  ): Promise<StoredTable | null> {
    const { store, ensure } = this.options;
    const need = needs.need();
    if (need !== null && ensure !== undefined && !request.isDryRun) {
      await ensure(table.tableId, need).catch(throwSetup);
    }
    const now = await store.read(table.tableId);
    return now === null || now.etag === table.etag ? null : now;
  }

  async #promoteDay({ request }: RunState, { table, day, spending, needs }: DayOfTable): Promise<DayResult> {
    const startedAtMs = Date.now();
    const { tableId, schema } = table;
    const counts: DayCounts = {
      rowsRead: 0,
      rowsChanged: 0,
      valuesMoved: 0,
      valuesOverflowed: 0,
      bytesProcessed: 0,
    };
    const end = (outcome: PromotionOutcome, detail: string | null = null): PromotedDay => ({
      ...counts,
      table: tableId,
      day,
      outcome,
      detail,
      startedAtMs,
      durationMs: Date.now() - startedAtMs,
    });
    const { sql } = this.options;
    const selection = {
      name: sql.name(tableId),
      schema,
      condition: candidateCondition(schema, request.scope),
      day,
      ...(request.planned === undefined ? {} : { absent: request.planned.absent }),
    };
    try {
      const work = { ...selection, tableId, isDryRun: request.isDryRun, spending, needs };
      await promoteDay(this.options, work, counts);
      const outcome = request.isDryRun ? 'planned' : 'promoted';
      return { result: end(counts.rowsChanged === 0 ? 'unchanged' : outcome) };
    } catch (cause) {
      if (cause instanceof SpendingError) return { result: end('deferred', cause.message) };
      const error = CloudError.from(cause);
      return { result: end(outcomeOf(error), `${error.code}: ${error.message}`), cause: error };
    }
  }

  /** Records what happened, then reports a setup problem to the caller. */
  async #finish(run: RunState, results: readonly DayResult[]): Promise<void> {
    const days = results.map(({ result }) => result);
    run.days.push(...days);
    const { runId, request } = run;
    const info = { runId, scope: request.scope, actor: this.options.actor };
    const notable = days.filter(({ outcome }) => outcome !== 'unchanged');
    if (!request.isDryRun) await recordPromotions(this.options.sql, notable, info);
    const setup = results.find(({ cause }) => cause?.disposition === 'setup')?.cause;
    if (setup !== undefined) throw setup;
  }
}

interface RunState {
  readonly runId: string;
  readonly request: PromotionRequest;
  readonly days: PromotedDay[];
  readonly retypes: RetypeProgress[];
  isComplete: boolean;
}

interface TableWork {
  readonly table: StoredTable;
  readonly days: readonly CandidateDay[];
  readonly spending: Spending;
}

interface DayOfTable {
  readonly table: StoredTable;
  readonly day: string;
  readonly spending: Spending;
  readonly needs: PendingNeeds;
}

/** A day with the error that it failed with. */
interface DayResult {
  readonly result: PromotedDay;
  readonly cause?: CloudError;
}

/** Two passes over one day: counts add up, and the last outcome holds unless only an earlier one moved values. */
function joined(before: DayResult | undefined, after: DayResult): DayResult {
  if (before === undefined) return after;
  const [earlier, later] = [before.result, after.result];
  const isQuiet = later.outcome === 'unchanged' && earlier.outcome === 'promoted';
  const result = {
    ...later,
    outcome: isQuiet ? earlier.outcome : later.outcome,
    rowsChanged: earlier.rowsChanged + later.rowsChanged,
    valuesMoved: earlier.valuesMoved + later.valuesMoved,
    valuesOverflowed: earlier.valuesOverflowed + later.valuesOverflowed,
    bytesProcessed: earlier.bytesProcessed + later.bytesProcessed,
    startedAtMs: earlier.startedAtMs,
    durationMs: later.startedAtMs + later.durationMs - earlier.startedAtMs,
  };
  return { ...after, result };
}

/** A change that fails for now is made by the next event or run. */
function throwSetup(cause: unknown): undefined {
  const error = CloudError.from(cause);
  if (error.disposition === 'setup') throw error;
}
