import { CloudError, backoffMs, type Backoff } from '@pipeline/google-clients';
import type { AppendAnswer, AppendRow, RowAppender } from './row-appender.port.js';
import type { AppendReport, RetryCause, WriteOutcome, WriteRow } from './row-write.js';

export interface RowWriterOptions {
  readonly appender: RowAppender;
  readonly maxDelayMs?: number;
  readonly maxRows?: number;
  readonly maxBytes?: number;
  /** Requests under way at once for one table. */
  readonly maxRequests?: number;
  readonly backoff?: Backoff;
  /** How long a row that BigQuery is not ready for is tried again here, before `not-yet` is the answer. */
  readonly notYetMs?: number;
  readonly random?: () => number;
  /** BigQuery does not know the table or a column of it. Told at every such answer, with one row's id. */
  readonly onNotYet?: (tableId: string, insertId: string) => void;
  /** Told after every append. */
  readonly onAppend?: (report: AppendReport) => void;
  /** Told for every row that will be sent again. */
  readonly onRetry?: (tableId: string, cause: RetryCause) => void;
}

interface QueuedRow extends WriteRow {
  attempts: number;
  /** When BigQuery said first that it is not ready for the row. */
  notYetSinceMs: number | null;
  readonly resolve: (outcome: WriteOutcome) => void;
  readonly reject: (error: CloudError) => void;
}

interface Lane {
  queue: QueuedRow[];
  queuedBytes: number;
  readonly requests: Set<Promise<void>>;
  timer: NodeJS.Timeout | null;
}

/** An append takes 10 MB as protocol buffers, which are smaller than JSON but for long arrays of numbers. */
const DEFAULTS = { maxDelayMs: 10, maxRows: 500, maxBytes: 9_600_000, maxRequests: 4 };
/**
 * BigQuery's writers learn of a column minutes later. A row that waits all of its delivery for it would take the place of
 * rows that need nothing new: Pub/Sub has only so many deliveries open at once.
 */
const DEFAULT_NOT_YET_MS = 2_000;
const DEFAULT_BACKOFF: Backoff = { firstMs: 100, maxMs: 5_000 };

/**
 * Gathers the rows of concurrent requests per table into few appends, and tells each request what became of its row.
 *
 * A row waits at most `maxDelayMs` for company. "No such field" and "not found" mean *not yet*: the row comes again
 * with a jittered delay for `notYetMs`, then the caller is told. One refused row never takes another one with it.
 */
export class RowWriter {
  readonly #lanes = new Map<string, Lane>();
  readonly #limits: typeof DEFAULTS;
  /** Rows that wait for another try, by their timer. */
  readonly #waits = new Map<NodeJS.Timeout, () => void>();
  #isStopping = false;

  constructor(private readonly options: RowWriterOptions) {
    const { maxDelayMs, maxRows, maxBytes, maxRequests } = { ...DEFAULTS, ...withoutUndefined(options) };
    this.#limits = { maxDelayMs, maxRows, maxBytes, maxRequests };
  }

  /** Loads what the first row would have to wait for, half a second at least. A failure shows at the first row. */
  async prepare(): Promise<void> {
    await this.options.appender.prepare?.().catch(() => undefined);
  }

  /** @throws CloudError: `setup` at once, `transient` when the deadline has passed */
  write(tableId: string, row: WriteRow): Promise<WriteOutcome> {
    return new Promise((resolve, reject) => {
      this.#enqueue(tableId, { ...row, attempts: 0, notYetSinceMs: null, resolve, reject });
    });
  }

  /** Sends what is queued, gives up on every row that would have to be tried again, tells all and ends connections. */
  async stop(): Promise<void> {
    this.#isStopping = true;
    for (const endWait of this.#waits.values()) {
      endWait();
    }
    while (this.#lanes.size > 0) {
      const requests = [...this.#lanes].flatMap(([tableId, lane]) => {
        this.#flush(tableId, lane);
        return [...lane.requests];
      });
      await Promise.all(requests);
    }
    await this.options.appender.close?.();
  }

  #enqueue(tableId: string, row: QueuedRow): void {
    const lane = this.#lane(tableId);
    lane.queue.push(row);
    lane.queuedBytes += row.bytes;
    if (lane.queue.length >= this.#limits.maxRows || lane.queuedBytes >= this.#limits.maxBytes) {
      this.#flush(tableId, lane);
    } else {
      lane.timer ??= setTimeout(() => {
        this.#flush(tableId, lane);
      }, this.#limits.maxDelayMs);
    }
  }

  #lane(tableId: string): Lane {
    const known = this.#lanes.get(tableId);
    if (known !== undefined) {
      return known;
    }
    const lane: Lane = { queue: [], queuedBytes: 0, requests: new Set(), timer: null };
    this.#lanes.set(tableId, lane);
    return lane;
  }

  /** Sends what is queued as far as requests may be under way; what stays goes with the next answer. */
  #flush(tableId: string, lane: Lane): void {
    if (lane.timer !== null) {
      clearTimeout(lane.timer);
      lane.timer = null;
    }
    while (lane.queue.length > 0 && lane.requests.size < this.#limits.maxRequests) {
      const batch = this.#takeBatch(lane);
      const request = this.#send(tableId, batch).finally(() => {
        lane.requests.delete(request);
        this.#afterAnswer(tableId, lane);
      });
      lane.requests.add(request);
    }
  }

  #afterAnswer(tableId: string, lane: Lane): void {
    if (lane.queue.length > 0 && lane.timer === null) {
      this.#flush(tableId, lane);
    } else if (lane.queue.length === 0 && lane.requests.size === 0) {
      this.#lanes.delete(tableId);
    }
  }

  #takeBatch(lane: Lane): readonly QueuedRow[] {
    let bytes = 0;
    let count = 0;
    for (const row of lane.queue) {
      bytes += row.bytes;
      if (count > 0 && (bytes > this.#limits.maxBytes || count >= this.#limits.maxRows)) {
        break;
      }
      count += 1;
    }
    const batch = lane.queue.splice(0, count);
    lane.queuedBytes -= batch.reduce((sum, row) => sum + row.bytes, 0);
    return batch;
  }

  async #send(tableId: string, batch: readonly QueuedRow[]): Promise<void> {
    const startedAtMs = performance.now();
    try {
      const answer = await this.options.appender.append(tableId, toAppendRows(batch));
      this.#report(tableId, batch, startedAtMs, answer.kind);
      this.#tell(tableId, batch, answer);
    } catch (cause) {
      const error = CloudError.from(cause);
      this.#report(tableId, batch, startedAtMs, error.code);
      await this.#failed(tableId, batch, error);
    }
  }

  #tell(tableId: string, batch: readonly QueuedRow[], answer: AppendAnswer): void {
    if (answer.kind === 'missing') {
      this.#tellNotYet(tableId, batch[0]);
      const last: WriteOutcome = { kind: 'not-yet', message: answer.message, writerColumns: null };
      for (const row of batch) this.#retry(tableId, row, last);
      return;
    }
    const errors = new Map(answer.errors.map((error) => [error.index, error]));
    this.#tellNotYet(
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

  #tellNotYet(tableId: string, row: QueuedRow | undefined): void {
    if (row !== undefined) {
      this.options.onNotYet?.(tableId, row.insertId);
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
      bytes: batch.reduce((sum, row) => sum + row.bytes, 0),
      durationMs: performance.now() - startedAtMs,
      outcome,
    });
  }

  /** The whole request failed, so nothing is known of any row. What is permanent is found by sending halves. */
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

  /** How long the row waits for its next try; null: no more. */
  #delayMs(row: QueuedRow, last: WriteOutcome | CloudError): number | null {
    const { backoff = DEFAULT_BACKOFF, random = Math.random } = this.options;
    const now = Date.now();
    const delayMs = backoffMs(row.attempts, backoff, random);
    if (last instanceof CloudError) {
      return now + delayMs < row.deadlineAtMs ? delayMs : null;
    }
    return this.#notYetDelayMs(row, now, delayMs);
  }

  /**
   * The last try is when the time here is over. A row whose wait ends in this delivery stays for that: from then on it may
   * do without the column.
   */
  #notYetDelayMs(row: QueuedRow, now: number, delayMs: number): number | null {
    const { notYetMs = DEFAULT_NOT_YET_MS } = this.options;
    const { deadlineAtMs, waitsUntilMs = Number.POSITIVE_INFINITY } = row;
    row.notYetSinceMs ??= now;
    const endsAtMs = waitsUntilMs < deadlineAtMs ? waitsUntilMs : row.notYetSinceMs + notYetMs;
    const soonest = Math.min(delayMs, endsAtMs - now);
    return soonest > 0 && now + soonest < deadlineAtMs ? soonest : null;
  }
}

function toAppendRows(batch: readonly QueuedRow[]): readonly AppendRow[] {
  return batch.map(({ insertId, row, columns }) => ({ insertId, row, columns }));
}

function withoutUndefined(options: RowWriterOptions): Partial<typeof DEFAULTS> {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
}
