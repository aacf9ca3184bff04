import { CloudError, quoteName } from '@pipeline/google-clients';
import type { Column } from '@pipeline/schema-inference';
import { LRUCache } from 'lru-cache';
import { createHash } from 'node:crypto';
import type { RememberedTable } from './table-cache.js';
import { retypedValue } from './retired-value.js';
import { retypedColumns } from './retyped-columns.js';
import type { TableStore } from './table-store.port.js';

export interface UniqueViewsOptions {
  readonly store: Pick<TableStore, 'read' | 'readView' | 'createView' | 'replaceView' | 'listTables'>;
  readonly projectId: string;
  readonly datasetId: string;
  /** A view could not be created or replaced. */
  readonly onFailure?: (viewId: string, error: CloudError) => void;
  /** Cached tables. */
  readonly maxTables?: number;
  /** Changes of a table within this time cause one refresh of its view. */
  readonly refreshDelayMs?: number;
  /** Interval in which missing views are looked for. */
  readonly sweepMs?: number;
  /** Gives [0, 1). */
  readonly random?: () => number;
}

const DEFAULTS = { maxTables: 2_000, refreshDelayMs: 5_000, sweepMs: 600_000 };
/** Retries of a view, each after twice the delay of the one before: five minutes in all. Then the sweep goes on. */
const MAX_RETRIES = 6;

type NamedTable = Pick<RememberedTable, 'tableId' | 'schema' | 'createdAtMs'>;

/** The view of one table: its wanted definition, and the one that BigQuery is known to have. */
interface ViewState {
  createdAtMs: number;
  wanted: string;
  present: string | null;
  /** Transient failures since the last success. */
  failures: number;
  timer: NodeJS.Timeout | null;
  work: Promise<void> | null;
}

/**
 * Gives each table `t` the view `t_unique`: one row per message, because a message may be delivered twice.
 *
 * Creates the view with the table's first round, replaces it after changes of the table's columns (one refresh for the
 * changes of a few seconds), retries after transient failures, and creates it again if it is missing, which a list of the dataset shows every ten minutes.
 * A view is replaced by the table's columns of that moment: those that a process remembers may be older than the view of
 * another, which has retyped a column.
 * Never throws: rows do not depend on views.
 */
export class UniqueViews {
  readonly #views: LRUCache<string, ViewState>;
  readonly #work = new Set<Promise<void>>();
  readonly #options: UniqueViewsOptions & typeof DEFAULTS;
  #sweeper: NodeJS.Timeout | null = null;
  #isStopped = false;

  constructor(options: UniqueViewsOptions) {
    this.#options = { ...DEFAULTS, ...options };
    this.#views = new LRUCache({
      max: this.#options.maxTables,
      dispose: ({ timer }) => {
        if (timer !== null) clearTimeout(timer);
      },
      noDisposeOnSet: true,
    });
  }

  /** Brings the view to the table's columns: at once for a new table, after a delay for a change. */
  async ensure({ tableId, schema, createdAtMs }: NamedTable): Promise<void> {
    if (this.#isStopped) return;
    this.#startSweeping();
    const { query } = uniqueView({ ...this.#options, tableId, columns: schema.columns });
    const state = this.#views.get(tableId);
    if (state === undefined) {
      const created: ViewState = {
        wanted: query,
        present: null,
        createdAtMs,
        failures: 0,
        timer: null,
        work: null,
      };
      this.#views.set(tableId, created);
      await this.#run(tableId, created);
      return;
    }
    state.wanted = query;
    if (state.createdAtMs !== createdAtMs) {
      // The table was recreated: its view may have been deleted with it.
      state.createdAtMs = createdAtMs;
      state.present = null;
    }
    if (state.present === null) await this.#run(tableId, state);
    else this.#refreshLater(tableId, state);
  }

  /**
   * Schedules a refresh if the view is not as it is wanted, unless one is scheduled already. A view that failed for a transient reason
   * is retried, each time after twice the delay; any other failure is left to the next round of the table and to the sweep.
   */
  #refreshLater(tableId: string, state: ViewState): void {
    const { present, wanted, timer, failures } = state;
    if (this.#isStopped || present === wanted || timer !== null) return;
    if (present === null && (failures === 0 || failures > MAX_RETRIES)) return;
    const delays = 2 ** Math.max(failures - 1, 0);
    const delayMs = this.#options.refreshDelayMs * delays * (0.5 + this.#random() / 2);
    state.timer = setTimeout(() => {
      state.timer = null;
      void this.#run(tableId, state);
    }, delayMs);
    state.timer.unref();
  }

  /** Creates the views that are missing although their tables exist. */
  async sweep(): Promise<void> {
    try {
      const listed = new Set((await this.#options.store.listTables()).map(({ tableId }) => tableId));
      for (const [tableId, state] of [...this.#views.entries()]) {
        if (listed.has(tableId) && !listed.has(viewIdOf(tableId))) await this.#run(tableId, state);
      }
    } catch (cause) {
      this.#options.onFailure?.('*', CloudError.from(cause));
    }
  }

  /** Resolves when no call is in flight. A pending refresh is left to the next process that reads the table. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    if (this.#sweeper !== null) clearInterval(this.#sweeper);
    this.#views.clear();
    await Promise.all(this.#work);
  }

  #startSweeping(): void {
    this.#sweeper ??= setInterval(
      () => {
        const work = this.sweep().finally(() => this.#work.delete(work));
        this.#work.add(work);
      },
      this.#options.sweepMs * (0.5 + this.#random()),
    ).unref();
  }

  async #run(tableId: string, state: ViewState): Promise<void> {
    if (state.work === null) {
      const work = this.#bring(tableId, state).finally(() => {
        state.work = null;
        this.#work.delete(work);
        this.#refreshLater(tableId, state); // the table may have changed meanwhile
      });
      state.work = work;
      this.#work.add(work);
    }
    await state.work;
  }

  async #bring(tableId: string, state: ViewState): Promise<void> {
    const { store, onFailure } = this.#options;
    const viewId = viewIdOf(tableId);
    try {
      const { wanted } = state;
      const present = await store.readView(viewId);
      if (present === null) await store.createView({ viewId, query: wanted });
      else if (present !== wanted) await this.#replace(tableId, present);
      state.present = wanted;
      state.failures = 0;
    } catch (cause) {
      const error = CloudError.from(cause);
      state.present = null;
      state.failures = error.disposition === 'transient' ? state.failures + 1 : 0;
      onFailure?.(viewId, error);
    }
  }

  async #replace(tableId: string, present: string): Promise<void> {
    const { store } = this.#options;
    const table = await store.read(tableId);
    if (table === null) return;
    const { viewId, query } = uniqueView({ ...this.#options, tableId, columns: table.schema.columns });
    if (query !== present) await store.replaceView({ viewId, query });
  }

  #random(): number {
    return (this.#options.random ?? Math.random)();
  }
}

function viewIdOf(tableId: string): string {
  return `${tableId}_unique`;
}

const REVISION = '_revision';
const HASH_DIGITS = 16;

/**
 * Returns the view of one table: of the copies of a message, the highest revision, then the earliest.
 *
 * Shape: `orders` → `{viewId: 'orders_unique', query: '-- columns 0f…\nSELECT * … QUALIFY ROW_NUMBER() OVER (…) = 1'}`.
 * All copies of a message have one publish time, so the partition holds both: then a filter on `_publish_time` reaches
 * the table and prunes its partitions. The hash of the columns makes the definition of each version different, because
 * BigQuery reports a view's columns as they were when its query was last set. A retyped column is shown under its one name.
 * Source: BigQuery views, limitations; analytic functions; SELECT * EXCEPT; partition pruning, read 2026-11-29.
 */
export function uniqueView(table: {
  readonly projectId: string;
  readonly datasetId: string;
  readonly tableId: string;
  readonly columns: readonly Column[];
}): { readonly viewId: string; readonly query: string } {
  const { projectId, datasetId, tableId, columns } = table;
  const name = quoteName(`${projectId}.${datasetId}.${tableId}`);
  const hash = createHash('sha256').update(signatureOf(columns)).digest('hex').slice(0, HASH_DIGITS);
  const hasRevision = columns.some((column) => column.name === REVISION);
  const order = `${hasRevision ? `COALESCE(${REVISION}, 0) DESC, ` : ''}_ingest_time`;
  const window = `ROW_NUMBER() OVER (PARTITION BY _message_id, _publish_time ORDER BY ${order})`;
  return {
    viewId: viewIdOf(tableId),
    query: `-- columns ${hash}\nSELECT ${selection(columns)} FROM ${name} WHERE TRUE QUALIFY ${window} = 1`,
  };
}

/** Every column; a retyped one last, with the values of the columns that it replaced until they have moved. */
function selection(columns: readonly Column[]): string {
  const retyped = retypedColumns({ columns, closed: false });
  if (retyped.length === 0) return '*';
  const hidden = retyped.flatMap(({ active, retired }) => [active, ...retired]);
  const shown = retyped.map((column) => `${retypedValue(column)} AS ${quoteName(column.name)}`);
  return [`* EXCEPT (${hidden.map(({ name }) => quoteName(name)).join(', ')})`, ...shown].join(', ');
}

function signatureOf(columns: readonly Column[]): string {
  return JSON.stringify(
    columns.map(({ name, type, mode, columns: nested }) => [name, type, mode, nested && signatureOf(nested)]),
  );
}
