import type { AppendReport, TableChange } from '@pipeline/bigquery-tables';
import type { Metrics, Tally } from '@pipeline/platform';

interface Observed {
  observe(value: number): void;
}

const CHANGE_BUCKETS_SECONDS = [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120];
const APPEND_BUCKETS_SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
const APPEND_BUCKETS_ROWS = [1, 2, 5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10_000];

/** Counts what is done to tables: changes of their schemas, and appends of rows. Told by what does it. */
export class TableMetrics {
  readonly #changes: Tally<'kind'>;
  readonly #changeSeconds: Observed;
  readonly #appendRows: Observed;
  readonly #appendSeconds: Observed;

  constructor(private readonly metrics: Metrics) {
    this.#changes = metrics.tally({
      name: 'pipeline_schema_changes_total',
      help: 'Changes of tables, as the schema history has them',
      labels: ['kind'],
    });
    this.#changeSeconds = metrics.histogram({
      name: 'pipeline_schema_change_duration_seconds',
      help: 'Time from the first event that waited for a change until BigQuery had made it',
      buckets: CHANGE_BUCKETS_SECONDS,
    });
    this.#appendRows = metrics.histogram({
      name: 'pipeline_append_rows',
      help: 'Rows of an append',
      buckets: APPEND_BUCKETS_ROWS,
    });
    this.#appendSeconds = metrics.histogram({
      name: 'pipeline_append_duration_seconds',
      help: 'Time that an append took',
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

  /** Shows how many tables a reconciler knows. @returns the same reconciler */
  watch<T extends { readonly size: number }>(reconciler: T): T {
    this.metrics.gauge({
      name: 'pipeline_tables_cached',
      help: 'Tables whose schema is in memory',
      read: () => reconciler.size,
    });
    return reconciler;
  }

  /** @param read what the last audit did not account for; undefined before the first */
  showUnaccounted(read: () => number | undefined): void {
    this.metrics.gauge({
      name: 'pipeline_unaccounted_events',
      help: 'Events that the last audit found neither as a row nor as a dead letter nor held',
      read,
    });
  }
}
