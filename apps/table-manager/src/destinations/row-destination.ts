import type { OnApplicationBootstrap } from '@nestjs/common';
import {
  refusalOf,
  type KnownTable,
  type RowWriter,
  type TableReconciler,
  type WriteOutcome,
  type WriteRow,
} from '@pipeline/bigquery-tables';
import { CloudError } from '@pipeline/google-clients';
import { traced } from '@pipeline/platform';
import {
  buildRow,
  compileSchema,
  fit,
  type Column,
  type DecodeOptions,
  type EventTypeSources,
  type Fitted,
  type OverflowEntry,
  type WholeRow,
} from '@pipeline/schema-inference';
import type { EventRoutes } from '../config/event-routes.js';
import type { DeadLetter, DeadLetterReason, DeadLetterStage } from '../dead-letters/dead-letter.js';
import type { DeadLetterPublisher } from '../dead-letters/dead-letter-publisher.port.js';
import type { EventDestination, IncomingEvent } from '../intake/event-destination.port.js';
import type { EventOutcome } from '../intake/event-outcome.js';
import { pauseIfHeavy } from '../memory/pause.js';
import { timeIsOver, TOO_LATE, untilDeadline } from '../intake/deadline.js';
import { toMicroseconds } from './publish-time.js';
import { quarantine } from './quarantine.js';
import { changeTable, contended, MAX_ROUNDS } from './table-change.js';
import { createDecoding, createTableRouter } from './table-router.js';

export interface RowDestinationOptions {
  readonly reconciler: TableReconciler;
  readonly writer: RowWriter;
  readonly deadLetters: DeadLetterPublisher;
  readonly routes: EventRoutes;
  /** Places of the event type; the library's default if absent. */
  readonly eventTypeFrom?: EventTypeSources;
  /** Longest wait of one delivery for a column; then its row is written without it. */
  readonly schemaGraceMs: number;
  /** Called for each stored row, with the values in its `_overflow`. */
  readonly onStored?: (table: string, overflowed: readonly OverflowEntry[]) => void;
}

/** One event on its way into a table. */
interface Delivery extends IncomingEvent {
  readonly table: string;
  /** From here on, values that still wait for a column go to the overflow. */
  readonly waitsUntilMs: number;
}

/** A message that cannot become a row, before its dead letter is published. */
interface Rejection {
  readonly kind: 'rejected';
  readonly reason: DeadLetterReason;
  readonly stage: DeadLetterStage;
  readonly detail: string;
}

type StoreOutcome = Extract<EventOutcome, { kind: 'stored' | 'held' | 'quarantined' }> | Rejection;
type NotYet = Extract<WriteOutcome, { kind: 'not-yet' }>;

/** A fitted event, and the table that it was fitted to. */
interface FittedToTable {
  readonly fitted: Fitted;
  readonly known: KnownTable;
}

/**
 * `direct` mode: appends an event's row, or publishes its dead letter.
 *
 * Fits the event, changes the table if something is pending, fits again, appends the row. If nothing is pending, the
 * append is the only call. An event whose table exists neither waits for its schema nor is rejected for it: after a short
 * grace, values without a column go to `_overflow`, and promotion moves them once the column is there.
 */
export class RowDestination implements EventDestination, OnApplicationBootstrap {
  readonly decoding: DecodeOptions;
  readonly #options: RowDestinationOptions;
  readonly #tableOf: (eventType: string) => string;

  constructor(options: RowDestinationOptions) {
    this.#options = options;
    this.#tableOf = createTableRouter(options.routes);
    this.decoding = createDecoding(options.reconciler, this.#tableOf, options.eventTypeFrom);
  }

  /** Runs in the background so that the service starts even without credentials. */
  onApplicationBootstrap(): void {
    void this.#options.writer.prepare();
  }

  /** Every row needs an append. */
  outcomeAtOnce(): null {
    return null;
  }

  async deliver(incoming: IncomingEvent): Promise<EventOutcome> {
    const table = this.#tableOf(incoming.event.eventType);
    const delivery = { ...incoming, table, waitsUntilMs: Date.now() + this.#options.schemaGraceMs };
    const outcome = await this.#store(delivery);
    if (outcome.kind !== 'rejected') return outcome;
    return Date.now() >= incoming.finishByMs ? timeIsOver(table) : this.reject(toLetter(delivery, outcome));
  }

  async reject(letter: DeadLetter): Promise<EventOutcome> {
    const { reason, table, detail } = letter;
    const published = await this.#options.deadLetters.publish(letter);
    if (published.kind === 'published') {
      return { kind: 'dead-lettered', reason, table, detail };
    }
    const { disposition, message } = published;
    return { kind: 'held', table, code: 'DEAD_LETTER_FAILED', disposition, detail: message };
  }

  async #store(delivery: Delivery): Promise<StoreOutcome> {
    try {
      const fittedToTable = await this.#fitted(delivery);
      const outcome = await this.#append(delivery, fittedToTable);
      if (outcome.kind !== 'rejected' || outcome.stage !== 'append') {
        return outcome;
      }
      return (await this.#hasChanged(delivery, fittedToTable.known))
        ? await this.#append(delivery, await this.#fitted(delivery))
        : outcome;
    } catch (cause) {
      const error = CloudError.from(cause);
      const refusal = refusalOf(error);
      if (Date.now() >= (refusal === null ? delivery.deadlineAtMs : delivery.finishByMs)) {
        return timeIsOver(delivery.table);
      }
      if (refusal === null) return this.#failed(delivery, error);
      return refusal === 'TYPE_NOT_ALLOWED'
        ? { kind: 'rejected', reason: refusal, stage: 'reconcile', detail: error.message }
        : quarantine(this.#options.writer, delivery, refusal);
    }
  }

  /** A refused row may only mean that the table changed since this process read it. */
  async #hasChanged({ table, message, finishByMs }: Delivery, known: KnownTable): Promise<boolean> {
    const verified = this.#options.reconciler.verify(table, message.messageId);
    const now = await untilDeadline(verified, finishByMs);
    return now !== TOO_LATE && now.stored.etag !== known.stored.etag;
  }

  /** @throws CloudError if the table does not exist */
  async #fitted(delivery: Delivery): Promise<FittedToTable> {
    const { table, message, event, deadlineAtMs } = delivery;
    for (let round = 0; ; round++) {
      const known = this.#options.reconciler.known(table);
      const pause = pauseIfHeavy(message);
      if (pause !== null) await pause;
      const fitted = known === undefined ? null : fit(event, known.compiled);
      if (known !== undefined && fitted?.pending.length === 0) {
        if (fitted.awaitsApproval) this.#options.reconciler.refresh(table, message.messageId);
        return { fitted, known };
      }
      const isOver = round === MAX_ROUNDS || Date.now() >= deadlineAtMs;
      const failure = isOver ? contended(table) : await this.#change(delivery);
      if (failure !== null) {
        const last = this.#options.reconciler.known(table);
        if (last === undefined) {
          throw failure;
        }
        return { fitted: fit(event, last.compiled, { pending: 'overflow' }), known: last };
      }
    }
  }

  /**
   * One round of changes, awaited for the grace if the table exists and to the deadline if not: without it there is no row.
   * @returns why it failed or did not finish in time, or null
   */
  async #change(delivery: Delivery): Promise<CloudError | null> {
    const { table, waitsUntilMs } = delivery;
    const round = changeTable(this.#options.reconciler, table, delivery).then(
      (changed) => (changed === TOO_LATE ? contended(table) : null),
      (cause: unknown) => CloudError.from(cause),
    );
    const outcome = await untilDeadline(round, waitsUntilMs);
    if (outcome !== TOO_LATE) return outcome;
    return this.#options.reconciler.known(table) === undefined ? round : contended(table);
  }

  /** Appends the row; without the values that need a new column if BigQuery's writers do not know it in time. */
  async #append(delivery: Delivery, { fitted, known }: FittedToTable): Promise<StoreOutcome> {
    const { schema } = known.stored;
    const outcome = await this.#write(delivery, fitted);
    if (outcome.kind !== 'not-yet') return outcome;
    const { writerColumns, message } = outcome;
    if (writerColumns === null || Date.now() < delivery.waitsUntilMs) {
      return held(delivery, 'NOT_YET', message);
    }
    const reduced = fit(delivery.event, compileSchema({ ...schema, columns: writerColumns }), {
      pending: 'overflow',
    });
    const last = await this.#write(delivery, reduced);
    return last.kind === 'not-yet' ? held(delivery, 'NOT_YET', last.message) : last;
  }

  async #write(delivery: Delivery, fitted: Fitted): Promise<StoreOutcome | NotYet> {
    const { columns } = fitted.compiled.schema;
    const { table, message, event, finishByMs, waitsUntilMs } = delivery;
    if (Date.now() >= finishByMs) {
      return timeIsOver(table);
    }
    const { messageId } = message;
    const publishTime = toMicroseconds(message.publishTime);
    const pauseToBuild = pauseIfHeavy(message);
    if (pauseToBuild !== null) await pauseToBuild;
    const built = buildRow({ messageId, publishTime }, event, fitted, new Date().toISOString());
    if (built.kind === 'rejected') {
      return { kind: 'rejected', reason: built.code, stage: 'fit', detail: built.detail };
    }
    const pauseToWrite = pauseIfHeavy(message);
    if (pauseToWrite !== null) await pauseToWrite;
    const toWrite = new DeliveredRow(built, {
      insertId: messageId,
      columns,
      deadlineAtMs: finishByMs,
      waitsUntilMs,
    });
    const written = await traced('append', { table }, () => this.#options.writer.write(table, toWrite));
    switch (written.kind) {
      case 'stored':
        this.#options.onStored?.(table, fitted.overflow?.entries ?? []);
        return { kind: 'stored', table, overflowed: fitted.overflow?.entries.length ?? 0 };
      case 'rejected':
        return { kind: 'rejected', reason: 'APPEND_REJECTED', stage: 'append', detail: written.message };
      case 'not-yet':
        return written;
    }
  }

  /** A permanent error rejects the event only if its table does not exist. */
  #failed({ table }: Delivery, error: CloudError): StoreOutcome {
    const { code, disposition, message: detail } = error;
    if (disposition !== 'permanent') {
      return { kind: 'held', table, code, disposition, detail };
    }
    return this.#options.reconciler.known(table) === undefined
      ? { kind: 'rejected', reason: 'APPEND_REJECTED', stage: 'reconcile', detail }
      : { kind: 'held', table, code, disposition: 'transient', detail };
  }
}

/** A row as the writer takes it. The values of a row that is written already are read only if it has to be written again. */
class DeliveredRow implements WriteRow {
  readonly insertId: string;
  readonly columns: readonly Column[];
  readonly written: Uint8Array | null;
  readonly bytes: number;
  readonly deadlineAtMs: number;
  readonly waitsUntilMs: number;

  constructor(
    private readonly built: WholeRow,
    { insertId, columns, deadlineAtMs, waitsUntilMs }: Pick<Required<WriteRow>, RowTimes>,
  ) {
    this.insertId = insertId;
    this.columns = columns;
    this.written = built.written;
    this.bytes = built.written?.byteLength ?? built.bytes;
    this.deadlineAtMs = deadlineAtMs;
    this.waitsUntilMs = waitsUntilMs;
  }

  get row(): Readonly<Record<string, unknown>> {
    return this.built.row;
  }
}

type RowTimes = 'columns' | 'deadlineAtMs' | 'insertId' | 'waitsUntilMs';

function toLetter({ table, message, event }: Delivery, { reason, stage, detail }: Rejection): DeadLetter {
  const { messageId, publishTime, attributes, data } = message;
  const origin = { messageId, publishTime, attributes, data };
  return { ...origin, reason, stage, detail, eventType: event.eventType, table };
}

function held({ table }: Delivery, code: string, detail: string): StoreOutcome {
  return { kind: 'held', table, code, disposition: 'transient', detail };
}
