import type { AppendReport, TableChange } from '@pipeline/bigquery-tables';
import type { Metrics, Tally } from '@pipeline/platform';

interface Observed {
  observe(value: number): void;
}

const CHANGE_BUCKETS_SECONDS = [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120];
const APPEND_BUCKETS_SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
const APPEND_BUCKETS_ROWS = [1, 2, 5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10_000];

/** Counts schema changes and appends of rows. */
export class TableMetrics {
  readonly #changes: Tally<'kind'>;
  readonly #changeSeconds: Observed;
  readonly #appendRows: Observed;
  readonly #appendSeconds: Observed;

  constructor(private readonly metrics: Metrics) {
    this.#changes = metrics.tally({
      name: 'pipeline_schema_changes_total',
      help: 'Schema changes by kind, as in the schema history',
      labels: ['kind'],
    });
    this.#changeSeconds = metrics.histogram({
      name: 'pipeline_schema_change_duration_seconds',
      help: 'Time from the first event that needed a change until BigQuery had applied it',
      buckets: CHANGE_BUCKETS_SECONDS,
    });
    this.#appendRows = metrics.histogram({
      name: 'pipeline_append_rows',
      help: 'Rows per append',
      buckets: APPEND_BUCKETS_ROWS,
    });
    this.#appendSeconds = metrics.histogram({
      name: 'pipeline_append_duration_seconds',
      help: 'Duration of an append',
      buckets: APPEND_BUCKETS_SECONDS,
    });
  }

  /** One update of a table. */
  changed({ attributed, durationMs }: Pick<TableChange, 'attributed' | 'durationMs'>): void {
    for (const { kind } of attributed) {
      this.#changes.count({ kind });
    }
    this.#changeSeconds.observe(durationMs / 1000);
  }

  /** One append, stored or not. */
  appended({ rows, durationMs }: Pick<AppendReport, 'rows' | 'durationMs'>): void {
    this.#appendRows.observe(rows);
    this.#appendSeconds.observe(durationMs / 1000);
  }

  /** Shows if new tables are refused. @returns the same guard */
  watchGuard<T extends { readonly isOn: boolean }>(guard: T): T {
    this.metrics.gauge({
      name: 'pipeline_table_guard_on',
      help: '1 while events of unknown types go to _quarantine because a limit on tables was reached',
      read: () => Number(guard.isOn),
    });
    return guard;
  }

  /** Exposes the number of tables that a reconciler has cached. @returns the same reconciler */
  watch<T extends { readonly size: number }>(reconciler: T): T {
    this.metrics.gauge({
      name: 'pipeline_tables_cached',
      help: 'Cached table schemas',
      read: () => reconciler.size,
    });
    return reconciler;
  }

  /** @param read unaccounted events of the last audit; undefined before the first */
  showUnaccounted(read: () => number | undefined): void {
    this.metrics.gauge({
      name: 'pipeline_unaccounted_events',
      help: 'Events without a row or a dead letter that are not in progress, by the last audit',
      read,
    });
  }
}
