import { LRUCache } from 'lru-cache';
import { QUARANTINE_COLUMNS, QUARANTINE_TABLE } from '../rows/quarantine-row.js';
import { GUARD_LABEL, newTableRefusal, type NewTableRefusal } from './new-types.js';
import type { ListedTable, TableStore } from './table-store.port.js';

/** `hour`: tables created within the last hour. `dataset`: all tables of events. */
export type TableLimit = 'hour' | 'dataset';

/** A limit and how much of it is used. */
export interface TableUse {
  readonly limit: TableLimit;
  readonly used: number;
  readonly max: number;
}

export interface TableGuardOptions {
  readonly store: Pick<TableStore, 'read' | 'create' | 'listTables' | 'setLabels'>;
  readonly maxNewTablesPerHour: number;
  readonly maxTablesPerDataset: number;
  /** Processes that may create tables at the same time; each uses its share of the rest before it counts again. */
  readonly replicas?: number;
  /** Called once for each of 50, 80 and 95 % of a limit, and again after the use has fallen below it. */
  readonly onWarning?: (use: TableUse & { readonly percent: number }) => void;
  /** A limit is reached: the guard is on for every process. */
  readonly onTripped?: (use: TableUse) => void;
}

const HOUR_MS = 3_600_000;
/** Label and counts are read again after this time. */
const CACHE_MS = 60_000;
/** A contract's verb that keeps tables from being created is read again after this time, so that an approval is seen. */
const REFRESH_MS = 5_000;
const DEFAULT_REPLICAS = 5;
const PERCENTS = [95, 80, 50] as const;
const MAX_REFUSED = 10_000;

/**
 * Decides about each new table: by the contract's verb for new event types, then by the limits on tables, which keep one producer
 * that invents event types from filling a dataset.
 *
 * The verb is a label of `_quarantine`: under `approve` and `reject` no table is created. If a limit is reached, the guard sets
 * a label on `_quarantine`, which every process reads: no table is created until an operator raises the limit and removes the
 * label; while the limit is reached, the label is set again. Events of unknown types go whole into that table: `direct` mode appends them, and so does the
 * Dataflow job, which reads the label.
 * Costs one read and one list a minute while tables are created, one read in five seconds while a verb refuses them, and nothing
 * otherwise.
 */
export class TableGuard {
  readonly #refused = new LRUCache<string, NewTableRefusal>({ max: MAX_REFUSED, ttl: CACHE_MS, perf: Date });
  /** Tables that a round may ask for again, because another writer was faster. */
  readonly #admitted = new LRUCache<string, true>({ max: MAX_REFUSED, ttl: CACHE_MS, perf: Date });
  readonly #warned = new Map<TableLimit, number>();
  /** By the label when this process last read it. */
  #labelled: NewTableRefusal | null = null;
  #labelReadAtMs = Number.NEGATIVE_INFINITY;
  #count = { total: 0, recent: 0 };
  #countedAtMs = Number.NEGATIVE_INFINITY;
  /** Tables this process may create before it counts again. */
  #share = 0;
  #work: Promise<NewTableRefusal | null> = Promise.resolve(null);

  constructor(private readonly options: TableGuardOptions) {}

  /** True if a limit on tables was reached when this process last read the label. */
  get isOn(): boolean {
    return this.#labelled === 'TABLE_GUARD';
  }

  /** The refusal of this table within the last minute (a verb's: five seconds): no call is needed to refuse it again. */
  lastRefusal(tableId: string): NewTableRefusal | undefined {
    return this.#refused.get(tableId);
  }

  /**
   * Decides whether a new table may be created. One decision at a time.
   * @returns null, or the reason against it
   * @throws CloudError if BigQuery fails
   */
  admit(tableId: string): Promise<NewTableRefusal | null> {
    const decided = this.#work
      .catch(() => null)
      .then(() => (this.#admitted.has(tableId) ? null : this.#decide()));
    this.#work = decided;
    return decided.then((refusal) => {
      if (refusal === null) this.#admitted.set(tableId, true);
      else this.#refused.set(tableId, refusal, { ttl: cacheMsOf(refusal) });
      return refusal;
    });
  }

  async #decide(): Promise<NewTableRefusal | null> {
    const refusal = await this.#readLabel();
    if (refusal !== null) return refusal;
    await this.#countAgain();
    const reached = this.#uses().find(({ used, max }) => used >= max);
    if (reached !== undefined) {
      await this.#trip(reached);
      return 'TABLE_GUARD';
    }
    this.#share--;
    this.#count = { total: this.#count.total + 1, recent: this.#count.recent + 1 };
    this.#warn();
    return null;
  }

  async #readLabel(): Promise<NewTableRefusal | null> {
    if (Date.now() - this.#labelReadAtMs < cacheMsOf(this.#labelled)) return this.#labelled;
    const quarantine = await this.options.store.read(QUARANTINE_TABLE);
    this.#labelled = newTableRefusal(quarantine?.labels);
    this.#labelReadAtMs = Date.now();
    return this.#labelled;
  }

  async #countAgain(): Promise<void> {
    const nowMs = Date.now();
    if (this.#share > 0 && nowMs - this.#countedAtMs < CACHE_MS) return;
    const tables = (await this.options.store.listTables()).filter(isEventTable);
    const recent = tables.filter(({ createdAtMs }) => createdAtMs >= nowMs - HOUR_MS);
    this.#count = { total: tables.length, recent: recent.length };
    this.#countedAtMs = nowMs;
    const rest = Math.min(...this.#uses().map(({ used, max }) => max - used));
    this.#share = Math.max(1, Math.floor(rest / (this.options.replicas ?? DEFAULT_REPLICAS)));
  }

  #uses(): readonly [TableUse, TableUse] {
    const { maxNewTablesPerHour, maxTablesPerDataset } = this.options;
    return [
      { limit: 'hour', used: this.#count.recent, max: maxNewTablesPerHour },
      { limit: 'dataset', used: this.#count.total, max: maxTablesPerDataset },
    ];
  }

  #warn(): void {
    for (const use of this.#uses()) {
      const percent = PERCENTS.find((candidate) => use.used * 100 >= use.max * candidate) ?? 0;
      if (percent > (this.#warned.get(use.limit) ?? 0)) this.options.onWarning?.({ ...use, percent });
      this.#warned.set(use.limit, percent);
    }
  }

  async #trip(use: TableUse): Promise<void> {
    await labelQuarantine(this.options.store, { [GUARD_LABEL]: 'on' });
    this.#labelled = 'TABLE_GUARD';
    this.#labelReadAtMs = Date.now();
    this.options.onTripped?.(use);
  }
}

function cacheMsOf(refusal: NewTableRefusal | null): number {
  return refusal === null || refusal === 'TABLE_GUARD' ? CACHE_MS : REFRESH_MS;
}

/** Sets labels of `_quarantine`, and creates the table if it does not exist. @throws CloudError */
export async function labelQuarantine(
  store: Pick<TableStore, 'create' | 'setLabels'>,
  labels: Readonly<Record<string, string>>,
): Promise<void> {
  if (await store.setLabels(QUARANTINE_TABLE, labels)) return;
  const { kind } = await store.create({
    ...quarantineTable(),
    labels: { managed_by: 'pipeline', ...labels },
  });
  if (kind === 'exists') await store.setLabels(QUARANTINE_TABLE, labels);
}

/** Views and the pipeline's own tables do not count. */
function isEventTable({ tableId, isView }: ListedTable): boolean {
  return !isView && !tableId.startsWith('_');
}

function quarantineTable(): Omit<Parameters<TableStore['create']>[0], 'labels'> {
  return {
    tableId: QUARANTINE_TABLE,
    columns: QUARANTINE_COLUMNS,
    partitionBy: 'publish_time',
    clusterBy: [],
    description: 'Whole messages whose type may not have a table until an operator decides.',
  };
}
