import type { Metrics } from '@pipeline/platform';
import type { OverflowEntry } from '@pipeline/schema-inference';
import type { PinoLogger } from 'nestjs-pino';

/** Tables with a label of their own; further ones are counted as `(other)`, so that no producer makes labels without end. */
const MAX_TABLES = 200;
const OTHER = '(other)';
/** A table and reason are logged at most this often. */
const LOG_EVERY_MS = 60_000;

interface ReasonCount {
  total: number;
  /** Of them, not logged yet. */
  unlogged: number;
  loggedAtMs: number;
}

/** Counts rows and overflowed values by table, and logs overflows: once a minute for each table and reason. */
export class RowMetrics {
  readonly #rows = new Map<string, number>();
  readonly #values = new Map<string, Map<string, ReasonCount>>();

  constructor(
    metrics: Pick<Metrics, 'counts'>,
    private readonly logger: Pick<PinoLogger, 'warn'>,
    private readonly nowMs: () => number = Date.now,
  ) {
    metrics.counts({
      name: 'pipeline_rows_total',
      help: 'Rows stored by table, the first 200 tables by name',
      labels: ['table'],
      read: () => this.#readRows(),
    });
    metrics.counts({
      name: 'pipeline_overflow_values_total',
      help: 'Values stored in _overflow by table and reason',
      labels: ['table', 'reason'],
      read: () => this.#readValues(),
    });
  }

  /** One stored row, with the values that no column holds. */
  stored(tableId: string, overflowed: readonly OverflowEntry[]): void {
    const isKnown = this.#rows.has(tableId) || this.#rows.size < MAX_TABLES;
    const table = isKnown ? tableId : OTHER;
    this.#rows.set(table, (this.#rows.get(table) ?? 0) + 1);
    for (const entry of overflowed) this.#overflowed(table, entry);
  }

  #overflowed(table: string, { pointer, reason }: OverflowEntry): void {
    const reasons = this.#values.get(table) ?? new Map<string, ReasonCount>();
    this.#values.set(table, reasons);
    const count = reasons.get(reason) ?? { total: 0, unlogged: 0, loggedAtMs: Number.NEGATIVE_INFINITY };
    reasons.set(reason, count);
    count.total += 1;
    count.unlogged += 1;
    const nowMs = this.nowMs();
    if (nowMs - count.loggedAtMs < LOG_EVERY_MS) return;
    const { unlogged: values } = count;
    this.logger.warn({ table, reason, values, path: pointer.slice(0, 200) }, 'values overflowed');
    count.unlogged = 0;
    count.loggedAtMs = nowMs;
  }

  *#readRows(): Iterable<readonly [Readonly<Record<'table', string>>, number]> {
    for (const [table, count] of this.#rows) yield [{ table }, count];
  }

  *#readValues(): Iterable<readonly [Readonly<Record<'table' | 'reason', string>>, number]> {
    for (const [table, reasons] of this.#values) {
      for (const [reason, { total }] of reasons) yield [{ table, reason }, total];
    }
  }
}
