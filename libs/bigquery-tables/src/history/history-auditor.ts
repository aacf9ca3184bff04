import { CloudError, sleep } from '@pipeline/google-clients';
import type { ChangeRecord } from '../schema-changes/change-record.js';
import { compareHistory } from './compare-history.js';
import type { SchemaHistory } from './schema-history.port.js';
import type { TableStore } from '../schema-changes/table-store.port.js';

export interface HistoryAuditorOptions {
  readonly store: Pick<TableStore, 'read'>;
  readonly history: Pick<SchemaHistory, 'read'>;
  /** Takes what the history lacks. */
  readonly tell: (records: readonly ChangeRecord[]) => void;
  readonly actor: string;
  /** How long whoever made a change is given to tell it. */
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
 * Compares tables that this process meets for the first time, or changed by somebody else, with what the history tells of
 * them, and tells what is missing: changes whose teller was killed, and changes made by hand.
 *
 * In the background, after a while, many tables with one query: never in the way of an event.
 */
export class HistoryAuditor {
  readonly #due = new Map<string, number>();
  readonly #stopping = new AbortController();
  #work: Promise<void> | null = null;
  #failures = 0;

  constructor(private readonly options: HistoryAuditorOptions) {}

  /** Asked as often as one likes; a table that waits already is looked at once. */
  schedule(tableId: string): void {
    if (!this.#due.has(tableId)) {
      this.#due.set(tableId, Date.now() + this.#settleMs());
    }
    if (!this.#stopping.signal.aborted) {
      this.#work ??= this.#run();
    }
  }

  /** Ends without looking at what waits: whoever meets the tables next does. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#work;
  }

  async #run(): Promise<void> {
    while (this.#due.size > 0) {
      const nextMs = Math.min(...this.#due.values());
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
    const { store, history, tell, actor, onFailure } = this.options;
    const rest = new Set(tableIds);
    try {
      const told = Map.groupBy(await history.read(tableIds), ({ tableId }) => tableId);
      for (const tableId of tableIds) {
        // After the history: so the table holds everything that is told of it.
        const table = await store.read(tableId);
        rest.delete(tableId);
        if (table !== null) {
          tell(compareHistory(table, told.get(tableId) ?? [], actor));
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
