import { CloudError, sleep } from '@pipeline/google-clients';
import type { ChangeRecord } from '../schema-changes/change-record.js';
import { compareHistory } from './compare-history.js';
import type { SchemaHistory } from './schema-history.port.js';
import type { TableStore } from '../schema-changes/table-store.port.js';

export interface HistoryAuditorOptions {
  readonly store: Pick<TableStore, 'read'>;
  readonly history: Pick<SchemaHistory, 'read'>;
  /** Receives the changes that the history lacks. */
  readonly report: (records: readonly ChangeRecord[]) => void;
  readonly actor: string;
  /** Time that the process which made a change has to record it. */
  readonly settleMs?: number;
  /** Gives [0, 1). */
  readonly random?: () => number;
  readonly onFailure?: (error: CloudError) => void;
}

const DEFAULT_SETTLE_MS = 15_000;
const MAX_RETRY_MS = 600_000;
/** One query reads the history of so many tables. */
const MAX_TABLES_AT_ONCE = 50;

/**
 * Compares new tables, and tables that another process or a person changed, with their history, and reports the missing
 * changes: those of a killed process, and those made by hand.
 *
 * Runs in the background after a delay and reads many tables with one query, so it never delays an event.
 */
export class HistoryAuditor {
  readonly #due = new Map<string, number>();
  readonly #stopping = new AbortController();
  #work: Promise<void> | null = null;
  #failures = 0;

  constructor(private readonly options: HistoryAuditorOptions) {}

  /** Schedules one comparison of the table, however often it is called. */
  schedule(tableId: string): void {
    if (!this.#due.has(tableId)) {
      this.#due.set(tableId, Date.now() + this.#settleMs());
    }
    if (!this.#stopping.signal.aborted) {
      this.#work ??= this.#run();
    }
  }

  /** Stops without the scheduled comparisons: the next process that reads the tables makes them. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#work;
  }

  async #run(): Promise<void> {
    while (this.#due.size > 0) {
      let nextMs = Number.POSITIVE_INFINITY;
      for (const dueMs of this.#due.values()) nextMs = Math.min(nextMs, dueMs);
      await sleep(Math.max(0, nextMs - Date.now()), this.#stopping.signal);
      if (this.#stopping.signal.aborted) {
        break;
      }
      await this.#audit(this.#takeDue());
    }
    this.#work = null;
  }

  #takeDue(): readonly string[] {
    const nowMs = Date.now();
    const due = [...this.#due].filter(([, atMs]) => atMs <= nowMs).slice(0, MAX_TABLES_AT_ONCE);
    due.forEach(([tableId]) => this.#due.delete(tableId));
    return due.map(([tableId]) => tableId);
  }

  async #audit(tableIds: readonly string[]): Promise<void> {
    const { store, history, report, actor, onFailure } = this.options;
    const rest = new Set(tableIds);
    try {
      const recorded = Map.groupBy(await history.read(tableIds), ({ tableId }) => tableId);
      for (const tableId of tableIds) {
        // Read after the history, so that the table holds every recorded change.
        const table = await store.read(tableId);
        rest.delete(tableId);
        if (table !== null) {
          report(compareHistory(table, recorded.get(tableId) ?? [], actor));
        }
      }
      this.#failures = 0;
    } catch (cause) {
      this.#failures++;
      const delayMs = Math.min(MAX_RETRY_MS, this.#settleMs() * 2 ** this.#failures);
      rest.forEach((tableId) => this.#due.set(tableId, Date.now() + delayMs));
      onFailure?.(CloudError.from(cause));
    }
  }

  #settleMs(): number {
    const { settleMs = DEFAULT_SETTLE_MS, random = Math.random } = this.options;
    return settleMs * (0.5 + random() / 2);
  }
}
