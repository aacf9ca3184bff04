import type { EventPublisher, OutgoingMessage } from '../publishing/event-publisher.port.js';
import type { PublishError, PublishErrorCode } from '../publishing/publish.errors.js';

/** State of a stream. */
export interface StreamStatus {
  /** `failed`: Pub/Sub refuses permanently, or did not recover within a minute after the stream's end. */
  readonly state: 'running' | 'finished' | 'stopped' | 'failed';
  readonly published: number;
  /** Messages due by now that Pub/Sub does not have: the stream cannot keep up, or Pub/Sub refuses. */
  readonly behind: number;
  /** Batches that Pub/Sub did not accept completely. */
  readonly failures: number;
  readonly lastFailure: PublishErrorCode | null;
}

export interface StreamOptions {
  readonly ratePerSecond: number;
  readonly durationSeconds: number;
  readonly publisher: EventPublisher;
  /** Returns `count` messages of the stream from an index on. */
  readonly messages: (from: number, count: number) => Iterable<OutgoingMessage>;
  /** Milliseconds of a clock that never goes back. */
  readonly nowMs: () => number;
}

/** Interval at which a stream publishes due messages. */
const TICK_MS = 100;
/** Maximum per batch, so that a stream that fell behind does not flood a recovering topic. */
const MAX_BATCH = 1_000;
/** Time after its end during which a stream still tries to complete. */
const GRACE_MS = 60_000;

/**
 * Publishes messages at a steady rate for a time, or until stopped.
 *
 * The clock decides which messages are due, not a count of ticks: the next tick makes up for a slow one. A message that
 * Pub/Sub did not accept is made up for, so `finished` means that Pub/Sub has as many as requested.
 */
export class EventStream {
  readonly #startedAtMs: number;
  #published = 0;
  #failures = 0;
  #lastFailure: PublishErrorCode | null = null;
  #state: StreamStatus['state'] = 'running';
  readonly #stopping = new AbortController();
  /** Resolves when the stream publishes no more. */
  readonly done: Promise<void>;

  constructor(private readonly options: StreamOptions) {
    this.#startedAtMs = options.nowMs();
    this.done = this.#run();
  }

  get status(): StreamStatus {
    const behind = this.#state !== 'running' ? 0 : Math.max(0, this.#due() - this.#published);
    return {
      state: this.#state,
      published: this.#published,
      behind,
      failures: this.#failures,
      lastFailure: this.#lastFailure,
    };
  }

  /** Ends the stream after the current batch. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.done;
  }

  async #run(): Promise<void> {
    const total = this.#total();
    while (this.#published < total && !this.#stopping.signal.aborted) {
      const count = Math.min(this.#due() - this.#published, MAX_BATCH);
      const failure = count > 0 ? await this.#publish(count) : null;
      if (failure !== null && !this.#mayRecover(failure)) {
        this.#state = 'failed';
        return;
      }
      await this.#pause();
    }
    this.#state = this.#published < total ? 'stopped' : 'finished';
  }

  async #publish(count: number): Promise<PublishError | null> {
    const { publisher, messages } = this.options;
    const { messageIds, failure } = await publisher.publish(messages(this.#published, count));
    this.#published += messageIds.length;
    if (failure !== null) {
      this.#failures += 1;
      this.#lastFailure = failure.code;
    }
    return failure;
  }

  #mayRecover(failure: PublishError): boolean {
    const elapsedMs = this.options.nowMs() - this.#startedAtMs;
    return failure.disposition === 'transient' && elapsedMs < this.options.durationSeconds * 1_000 + GRACE_MS;
  }

  #total(): number {
    return Math.ceil(this.options.ratePerSecond * this.options.durationSeconds);
  }

  #due(): number {
    const elapsedSeconds = (this.options.nowMs() - this.#startedAtMs) / 1_000;
    return Math.min(this.#total(), Math.floor(elapsedSeconds * this.options.ratePerSecond));
  }

  #pause(): Promise<void> {
    const { signal } = this.#stopping;
    return new Promise((resolve) => {
      if (signal.aborted) {
        resolve();
        return;
      }
      const timer = setTimeout(end, TICK_MS);
      signal.addEventListener('abort', end, { once: true });
      function end(): void {
        clearTimeout(timer);
        signal.removeEventListener('abort', end);
        resolve();
      }
    });
  }
}
