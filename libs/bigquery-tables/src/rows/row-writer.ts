import { CloudError, backoffMs, type Backoff } from '@pipeline/google-clients';
import { rejectExpired } from './reject-expired.js';
import type { AppendAnswer, RowAppender } from './row-appender.port.js';
import type { AppendReport, RetryCause, WriteOutcome, WriteRow } from './row-write.js';

export interface RowWriterOptions {
  readonly appender: RowAppender;
  readonly maxDelayMs?: number;
  readonly maxRows?: number;
  readonly maxBytes?: number;
  /** Concurrent requests of one table. */
  readonly maxRequests?: number;
  readonly backoff?: Backoff;
  /** Time in which a row that BigQuery is not ready for is retried before the answer is `not-yet`. */
  readonly notYetMs?: number;
  readonly random?: () => number;
  /** Called at every answer that BigQuery does not know the table or a column of it, with one row's id. */
  readonly onNotYet?: (tableId: string, insertId: string) => void;
  /** Called after every append. */
  readonly onAppend?: (report: AppendReport) => void;
  /** Called for every row that will be sent again. */
  readonly onRetry?: (tableId: string, cause: RetryCause) => void;
}

interface QueuedRow {
  readonly write: WriteRow;
  attempts: number;
  /** Time of the first `not-yet` answer for the row. */
  notYetSinceMs: number | null;
  readonly resolve: (outcome: WriteOutcome) => void;
  readonly reject: (error: CloudError) => void;
}

interface RowQueue {
  rows: QueuedRow[];
  queuedBytes: number;
  readonly requests: Set<Promise<void>>;
  timer: NodeJS.Timeout | null;
}

/** An append takes 10 MB as protocol buffers, which are smaller than JSON but for long arrays of numbers. */
const DEFAULTS = { maxDelayMs: 10, maxRows: 500, maxBytes: 9_600_000, maxRequests: 4 };
/**
 * BigQuery's writers learn of a column minutes later. A row that waited its whole delivery for it would take the place of
 * rows that need nothing new, because Pub/Sub limits concurrent deliveries.
 */
const DEFAULT_NOT_YET_MS = 2_000;
const DEFAULT_BACKOFF: Backoff = { firstMs: 100, maxMs: 5_000 };

/**
 * Batches the rows of concurrent requests per table into few appends, and gives each request the outcome of its row.
 *
 * A row waits at most `maxDelayMs` for others. "No such field" and "not found" mean *not yet*: the row is retried with
 * jittered delays for `notYetMs`, then the outcome is `not-yet`. One refused row never affects another one.
 */
export class RowWriter {
  readonly #queues = new Map<string, RowQueue>();
  readonly #limits: typeof DEFAULTS;
  /** Rows that wait for a retry, by their timer. */
  readonly #waits = new Map<NodeJS.Timeout, () => void>();
  #isStopping = false;

  constructor(private readonly options: RowWriterOptions) {
    const { maxDelayMs, maxRows, maxBytes, maxRequests } = { ...DEFAULTS, ...withoutUndefined(options) };
    this.#limits = { maxDelayMs, maxRows, maxBytes, maxRequests };
  }

  /** Loads the client, which takes half a second, before the first row needs it. A failure shows at the first row. */
  async prepare(): Promise<void> {
    await this.options.appender.prepare?.().catch(() => undefined);
  }

  /** @throws CloudError: `setup` at once, `transient` when the deadline has passed */
  write(tableId: string, row: WriteRow): Promise<WriteOutcome> {
    return new Promise((resolve, reject) => {
      this.#enqueue(tableId, { write: row, attempts: 0, notYetSinceMs: null, resolve, reject });
    });
  }

  /** Sends the queue, fails every row that would need a retry, and ends connections. */
  async stop(): Promise<void> {
    this.#isStopping = true;
    for (const endWait of this.#waits.values()) {
      endWait();
    }
    while (this.#queues.size > 0) {
      const requests = [...this.#queues].flatMap(([tableId, queue]) => {
        this.#flush(tableId, queue);
        return [...queue.requests];
      });
      await Promise.all(requests);
    }
    await this.options.appender.close?.();
  }

  #enqueue(tableId: string, row: QueuedRow): void {
    const queue = this.#queueOf(tableId);
    queue.rows.push(row);
    queue.queuedBytes += row.write.bytes;
    if (queue.rows.length >= this.#limits.maxRows || queue.queuedBytes >= this.#limits.maxBytes) {
      this.#flush(tableId, queue);
    } else {
      queue.timer ??= setTimeout(() => {
        this.#flush(tableId, queue);
      }, this.#limits.maxDelayMs);
    }
  }

  #queueOf(tableId: string): RowQueue {
    const known = this.#queues.get(tableId);
    if (known !== undefined) {
      return known;
    }
    const queue: RowQueue = { rows: [], queuedBytes: 0, requests: new Set(), timer: null };
    this.#queues.set(tableId, queue);
    return queue;
  }

  /** Sends the queue within the limit of concurrent requests; the rest follows the next answer. */
  #flush(tableId: string, queue: RowQueue): void {
    if (queue.timer !== null) {
      clearTimeout(queue.timer);
      queue.timer = null;
    }
    while (queue.rows.length > 0 && queue.requests.size < this.#limits.maxRequests) {
      const batch = this.#takeBatch(queue);
      const request = this.#send(tableId, batch).finally(() => {
        queue.requests.delete(request);
        this.#afterAnswer(tableId, queue);
      });
      queue.requests.add(request);
    }
  }

  #afterAnswer(tableId: string, queue: RowQueue): void {
    if (queue.rows.length > 0 && queue.timer === null) {
      this.#flush(tableId, queue);
    } else if (queue.rows.length === 0 && queue.requests.size === 0) {
      this.#queues.delete(tableId);
    }
  }

  #takeBatch(queue: RowQueue): readonly QueuedRow[] {
    let bytes = 0;
    let count = 0;
    for (const row of queue.rows) {
      bytes += row.write.bytes;
      if (count > 0 && (bytes > this.#limits.maxBytes || count >= this.#limits.maxRows)) {
        break;
      }
      count += 1;
    }
    const batch = queue.rows.splice(0, count);
    queue.queuedBytes -= batch.reduce((sum, { write }) => sum + write.bytes, 0);
    return batch;
  }

  async #send(tableId: string, rows: readonly QueuedRow[]): Promise<void> {
    const batch = rejectExpired(rows);
    if (batch.length === 0) return;
    const startedAtMs = performance.now();
    try {
      const rows = batch.map(({ write }) => write);
      const answer = await this.options.appender.append(tableId, rows);
      this.#report(tableId, batch, startedAtMs, answer.kind);
      this.#settleRows(tableId, batch, answer);
    } catch (cause) {
      const error = CloudError.from(cause);
      this.#report(tableId, batch, startedAtMs, error.code);
      await this.#failed(tableId, batch, error);
    }
  }

  #settleRows(tableId: string, batch: readonly QueuedRow[], answer: AppendAnswer): void {
    if (answer.kind === 'missing') {
      this.#reportNotYet(tableId, batch[0]);
      const last: WriteOutcome = { kind: 'not-yet', message: answer.message, writerColumns: null };
      for (const row of batch) this.#retry(tableId, row, last);
      return;
    }
    const errors = new Map(answer.errors.map((error) => [error.index, error]));
    this.#reportNotYet(
      tableId,
      batch.find((_row, index) => errors.get(index)?.kind === 'unknown-field'),
    );
    batch.forEach((row, index) => {
      const error = errors.get(index);
      if (error === undefined) {
        row.resolve({ kind: 'stored' });
      } else if (error.kind === 'invalid') {
        row.resolve({ kind: 'rejected', message: error.message });
      } else if (error.kind === 'transient') {
        this.#retry(tableId, row, new CloudError({ code: 'UNAVAILABLE', message: error.message, tableId }));
      } else {
        const writerColumns = answer.writerColumns ?? null;
        this.#retry(tableId, row, { kind: 'not-yet', message: error.message, writerColumns });
      }
    });
  }

  #reportNotYet(tableId: string, row: QueuedRow | undefined): void {
    if (row !== undefined) {
      this.options.onNotYet?.(tableId, row.write.insertId);
    }
  }

  #report(
    tableId: string,
    batch: readonly QueuedRow[],
    startedAtMs: number,
    outcome: AppendReport['outcome'],
  ): void {
    this.options.onAppend?.({
      tableId,
      rows: batch.length,
      bytes: batch.reduce((sum, { write }) => sum + write.bytes, 0),
      durationMs: performance.now() - startedAtMs,
      outcome,
    });
  }

  /** The whole request failed, so no row has an outcome. Sending halves isolates the row of a permanent error. */
  async #failed(tableId: string, batch: readonly QueuedRow[], error: CloudError): Promise<void> {
    if (error.disposition === 'setup') {
      batch.forEach((row) => {
        row.reject(error);
      });
    } else if (error.disposition === 'transient') {
      for (const row of batch) this.#retry(tableId, row, error);
    } else if (batch.length === 1) {
      batch[0]?.resolve({ kind: 'rejected', message: error.message });
    } else {
      const middle = Math.ceil(batch.length / 2);
      await Promise.all([
        this.#send(tableId, batch.slice(0, middle)),
        this.#send(tableId, batch.slice(middle)),
      ]);
    }
  }

  #retry(tableId: string, row: QueuedRow, last: WriteOutcome | CloudError): void {
    const { onRetry } = this.options;
    row.attempts += 1;
    const delayMs = this.#delayMs(row, last);
    const giveUp = (): void => {
      if (last instanceof CloudError) {
        row.reject(last);
      } else {
        row.resolve(last);
      }
    };
    if (this.#isStopping || delayMs === null) {
      giveUp();
      return;
    }
    onRetry?.(tableId, last instanceof CloudError ? 'transient' : 'not-yet');
    const timer = setTimeout(() => {
      this.#waits.delete(timer);
      this.#enqueue(tableId, row);
    }, delayMs);
    this.#waits.set(timer, () => {
      clearTimeout(timer);
      this.#waits.delete(timer);
      giveUp();
    });
  }

  /** Returns the delay before the row's next attempt; null if there is none. */
  #delayMs(row: QueuedRow, last: WriteOutcome | CloudError): number | null {
    const { backoff = DEFAULT_BACKOFF, random = Math.random } = this.options;
    const now = Date.now();
    const delayMs = backoffMs(row.attempts, backoff, random);
    if (last instanceof CloudError) {
      return now + delayMs < row.write.deadlineAtMs ? delayMs : null;
    }
    return this.#notYetDelayMs(row, now, delayMs);
  }

  /**
   * The last attempt is at the end of the wait. A row whose wait ends within this delivery stays until then: afterwards it may
   * be written without the column.
   */
  #notYetDelayMs(row: QueuedRow, now: number, delayMs: number): number | null {
    const { notYetMs = DEFAULT_NOT_YET_MS } = this.options;
    const { deadlineAtMs, waitsUntilMs = Number.POSITIVE_INFINITY } = row.write;
    row.notYetSinceMs ??= now;
    const endsAtMs = waitsUntilMs < deadlineAtMs ? waitsUntilMs : row.notYetSinceMs + notYetMs;
    const soonest = Math.min(delayMs, endsAtMs - now);
    return soonest > 0 && now + soonest < deadlineAtMs ? soonest : null;
  }
}

function withoutUndefined(options: RowWriterOptions): Partial<typeof DEFAULTS> {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
}
