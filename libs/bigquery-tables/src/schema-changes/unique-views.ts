import { CloudError, quoteName } from '@pipeline/google-clients';
import type { TableStore } from './table-store.port.js';

export interface UniqueViewsOptions {
  readonly store: Pick<TableStore, 'createView'>;
  readonly projectId: string;
  readonly datasetId: string;
  /** A view could not be created; the next round of its table retries. */
  readonly onFailure?: (viewId: string, error: CloudError) => void;
  /** Cached tables. */
  readonly maxTables?: number;
}

const DEFAULT_MAX_TABLES = 2_000;

/**
 * Gives each table `t` the view `t_unique`: one row per message, the earliest, because a message may be delivered twice.
 *
 * Makes one call per table and process, however often it is called. Never throws: rows do not depend on views.
 */
export class UniqueViews {
  readonly #done = new Set<string>();
  readonly #work = new Set<Promise<void>>();

  constructor(private readonly options: UniqueViewsOptions) {}

  async ensure(tableId: string): Promise<void> {
    if (this.#done.has(tableId)) {
      return;
    }
    this.#remember(tableId);
    const work = this.#make(tableId).finally(() => this.#work.delete(work));
    this.#work.add(work);
    await work;
  }

  /** Resolves when no work is in flight. */
  async stop(): Promise<void> {
    await Promise.all(this.#work);
  }

  async #make(tableId: string): Promise<void> {
    const view = uniqueView({ ...this.options, tableId });
    try {
      await this.options.store.createView(view);
    } catch (cause) {
      this.#done.delete(tableId);
      this.options.onFailure?.(view.viewId, CloudError.from(cause));
    }
  }

  #remember(tableId: string): void {
    if (this.#done.size >= (this.options.maxTables ?? DEFAULT_MAX_TABLES)) {
      this.#done.clear();
    }
    this.#done.add(tableId);
  }
}

/**
 * The view over one table.
 *
 * Shape: `orders` → `{viewId: 'orders_unique', query: 'SELECT * … QUALIFY ROW_NUMBER() OVER (…) = 1'}`.
 */
export function uniqueView(table: {
  readonly projectId: string;
  readonly datasetId: string;
  readonly tableId: string;
}): { readonly viewId: string; readonly query: string } {
  const name = quoteName(`${table.projectId}.${table.datasetId}.${table.tableId}`);
  const earliest = 'ROW_NUMBER() OVER (PARTITION BY _message_id ORDER BY _publish_time, _ingest_time) = 1';
  return { viewId: `${table.tableId}_unique`, query: `SELECT * FROM ${name} WHERE TRUE QUALIFY ${earliest}` };
}
