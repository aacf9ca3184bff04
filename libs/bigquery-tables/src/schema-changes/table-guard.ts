import { CloudError } from '@pipeline/google-clients';
import { LRUCache } from 'lru-cache';
import { QUARANTINE_COLUMNS, QUARANTINE_TABLE } from '../rows/quarantine-row.js';
import type { ListedTable, TableStore } from './table-store.port.js';

/** The label of `_quarantine` that keeps new tables from being created. An operator removes it. */
export const GUARD_LABEL = 'pipeline_table_guard';

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
const DEFAULT_REPLICAS = 5;
const PERCENTS = [95, 80, 50] as const;
const MAX_REFUSED = 10_000;

/**
 * Keeps one producer that invents event types from filling a dataset with tables.
 *
 * Every new table is admitted here first. If a limit is reached, the guard sets a label on `_quarantine`, which every
 * process reads: no table is created until an operator raises the limit and removes the label; while the limit is reached,
 * the label is set again. Events of unknown types go whole into that table: `direct` mode appends them, and so does the
 * Dataflow job, which reads the label.
 * Costs one read and one list a minute while tables are created, and nothing otherwise.
 */
export class TableGuard {
  readonly #refused = new LRUCache<string, true>({ max: MAX_REFUSED, ttl: CACHE_MS, perf: Date });
  /** Tables that a round may ask for again, because another writer was faster. */
  readonly #admitted = new LRUCache<string, true>({ max: MAX_REFUSED, ttl: CACHE_MS, perf: Date });
  readonly #warned = new Map<TableLimit, number>();
  #isOn = false;
  #labelReadAtMs = Number.NEGATIVE_INFINITY;
  #count = { total: 0, recent: 0 };
  #countedAtMs = Number.NEGATIVE_INFINITY;
  /** Tables this process may create before it counts again. */
  #share = 0;
  #work: Promise<boolean> = Promise.resolve(true);

  constructor(private readonly options: TableGuardOptions) {}

  /** True if the guard was on when this process last read the label. */
  get isOn(): boolean {
    return this.#isOn;
  }

  /** True if this table was refused within the last minute: no call is needed to refuse it again. */
  hasRefused(tableId: string): boolean {
    return this.#refused.has(tableId);
  }

  /** Decides whether a new table may be created. One decision at a time. @throws CloudError if BigQuery fails */
  admit(tableId: string): Promise<boolean> {
    const decided = this.#work.catch(() => true).then(() => this.#admitted.has(tableId) || this.#decide());
    this.#work = decided;
    return decided.then((isAdmitted) => {
      (isAdmitted ? this.#admitted : this.#refused).set(tableId, true);
      return isAdmitted;
    });
  }

  async #decide(): Promise<boolean> {
    if (await this.#readLabel()) return false;
    await this.#countAgain();
    const reached = this.#uses().find(({ used, max }) => used >= max);
    if (reached !== undefined) {
      await this.#trip(reached);
      return false;
    }
    this.#share--;
    this.#count = { total: this.#count.total + 1, recent: this.#count.recent + 1 };
    this.#warn();
    return true;
  }

  async #readLabel(): Promise<boolean> {
    if (Date.now() - this.#labelReadAtMs < CACHE_MS) return this.#isOn;
    const quarantine = await this.options.store.read(QUARANTINE_TABLE);
    this.#isOn = isGuardOn(quarantine?.labels);
    this.#labelReadAtMs = Date.now();
    return this.#isOn;
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
    const labels = { [GUARD_LABEL]: 'on' };
    const { store } = this.options;
    if (!(await store.setLabels(QUARANTINE_TABLE, labels))) {
      const { kind } = await store.create({
        ...quarantineTable(),
        labels: { managed_by: 'pipeline', ...labels },
      });
      if (kind === 'exists') await store.setLabels(QUARANTINE_TABLE, labels);
    }
    this.#isOn = true;
    this.#labelReadAtMs = Date.now();
    this.options.onTripped?.(use);
  }
}

/** True if labels of `_quarantine` say that no table is created for a new type. */
export function isGuardOn(labels: Readonly<Record<string, string>> | undefined): boolean {
  return labels?.[GUARD_LABEL] === 'on';
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

/** The error of an event whose table may not be created. */
export function tableLimitReached(tableId: string): CloudError {
  const message = `The limit on new tables is reached; raise it, then remove the label ${GUARD_LABEL} of ${QUARANTINE_TABLE}`;
  return new CloudError({ code: 'TABLE_LIMIT_REACHED', message, tableId });
}
