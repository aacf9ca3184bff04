import type { OnApplicationBootstrap } from '@nestjs/common';
import {
  TableError,
  type KnownTable,
  type RowWriter,
  type TableReconciler,
  type WriteOutcome,
} from '@pipeline/bigquery-tables';
import type { PubsubMessage } from '@pipeline/cloudevents';
import { traced } from '@pipeline/platform';
import {
  buildRow,
  compileSchema,
  fit,
  type Column,
  type CompiledSchema,
  type DecodedEvent,
  type Fitted,
} from '@pipeline/schema-inference';
import type { EventRoutes } from '../config/event-routes.js';
import { TOO_LATE, untilDeadline } from './deadline.js';
import { toMicroseconds } from './publish-time.js';
import type { StoreOutcome } from './store-outcome.js';
import { createTableRouter } from './table-router.js';

export interface StoreEventOptions {
  readonly reconciler: TableReconciler;
  readonly writer: RowWriter;
  readonly routes: EventRoutes;
  /** How long one delivery is worked on. */
  readonly eventDeadlineMs: number;
  /** How long after its publishing an event waits for the schema. */
  readonly schemaWaitMs: number;
}

/** One event on its way into a table. */
interface Delivery {
  readonly table: string;
  readonly message: PubsubMessage;
  readonly event: DecodedEvent;
  readonly deadlineAtMs: number;
  /** From here on, values that still wait for a column go to the overflow. */
  readonly waitsUntilMs: number;
}

/** Where an event's values go, and the table as it was when that was decided. */
interface FittedToTable {
  readonly fitted: Fitted;
  readonly known: KnownTable;
}

/** Rounds of change that one delivery takes part in. One is normal; more happen when somebody else changes the table. */
const MAX_ROUNDS = 5;

/**
 * Brings an event into its table: fit, change the table where something is pending, fit again, append the row.
 *
 * Nothing pending costs no call but the append. An event whose table exists is never rejected for its schema: once the
 * wait limit, counted from publishing, is over, what cannot get its column goes to `_overflow`.
 */
export class StoreEventService implements OnApplicationBootstrap {
  readonly #tableOf: (eventType: string) => string;

  constructor(private readonly options: StoreEventOptions) {
    this.#tableOf = createTableRouter(options.routes);
  }

  /** In the background: who has no credentials yet shall start all the same. */
  onApplicationBootstrap(): void {
    void this.options.writer.prepare();
  }

  /** The schema that events of this type will meet, if it is at hand: decoding against it is cheaper. */
  knownSchema(eventType: string): CompiledSchema | undefined {
    return this.options.reconciler.known(this.#tableOf(eventType))?.compiled;
  }

  async store(message: PubsubMessage, event: DecodedEvent): Promise<StoreOutcome> {
    const { eventDeadlineMs, schemaWaitMs } = this.options;
    const table = this.#tableOf(event.eventType);
    const deadlineAtMs = Date.now() + eventDeadlineMs;
    const waitsUntilMs = Date.parse(message.publishTime) + schemaWaitMs;
    const delivery = { table, message, event, deadlineAtMs, waitsUntilMs };
    const outcome = await untilDeadline(this.#storeWhole(delivery), deadlineAtMs);
    return outcome === TOO_LATE ? tooLate(delivery) : outcome;
  }

  async #storeWhole(delivery: Delivery): Promise<StoreOutcome> {
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
      return this.#failed(delivery, TableError.from(cause));
    }
  }

  /** A refused row may only say that somebody changed the table since this process read it. */
  async #hasChanged({ table, message }: Delivery, known: KnownTable): Promise<boolean> {
    const now = await this.options.reconciler.verify(table, message.messageId);
    return now.stored.etag !== known.stored.etag;
  }

  /** @throws TableError where the table is not what the event needs and its time to wait is not over */
  async #fitted(delivery: Delivery): Promise<FittedToTable> {
    const { table, event, deadlineAtMs, waitsUntilMs } = delivery;
    for (let round = 0; ; round++) {
      const known = this.options.reconciler.known(table);
      const fitted = known === undefined ? null : fit(event, known.compiled);
      if (known !== undefined && fitted?.pending.length === 0) {
        return { fitted, known };
      }
      const isOver = round === MAX_ROUNDS || Date.now() >= deadlineAtMs;
      const failure = isOver ? restless(table) : await this.#change(delivery);
      if (failure !== null) {
        const last = this.options.reconciler.known(table);
        if (last === undefined || Date.now() < waitsUntilMs) {
          throw failure;
        }
        return { fitted: fit(event, last.compiled, { pending: 'overflow' }), known: last };
      }
    }
  }

  /** One round of changes. @returns why it failed or did not come in time, or null */
  async #change({ table, message, event, deadlineAtMs, waitsUntilMs }: Delivery): Promise<TableError | null> {
    const need = {
      pendingIn: (compiled: KnownTable['compiled']) => fit(event, compiled, { verdictOnly: true }).pending,
      cause: message.messageId,
      eventType: event.eventType,
    };
    const round = traced('reconcile', { table }, () => this.options.reconciler.reconcile(table, need)).then(
      () => null,
      (cause: unknown) => TableError.from(cause),
    );
    const halfwayMs = (Date.now() + deadlineAtMs) / 2;
    if (waitsUntilMs > halfwayMs) {
      return round;
    }
    // Whose time to wait is over leaves half of this delivery for the row without its columns.
    const outcome = await untilDeadline(round, halfwayMs);
    return outcome === TOO_LATE ? restless(table) : outcome;
  }

  /**
   * Appends the row; when BigQuery's writers have not learnt a column by the end of the wait, without the values that
   * need it.
   */
  async #append(delivery: Delivery, { fitted, known }: FittedToTable): Promise<StoreOutcome> {
    const { columns, closed } = known.stored.schema;
    const outcome = await this.#write(delivery, fitted, columns);
    if (outcome.kind !== 'not-yet') return outcome;
    const { writerColumns, message } = outcome;
    if (writerColumns === null || Date.now() < delivery.waitsUntilMs) return notYet(delivery, message);
    const reduced = fit(delivery.event, compileSchema({ columns: writerColumns, closed }), {
      pending: 'overflow',
    });
    const last = await this.#write(delivery, reduced, writerColumns);
    return last.kind === 'not-yet' ? notYet(delivery, last.message) : last;
  }

  async #write(
    delivery: Delivery,
    fitted: Fitted,
    columns: readonly Column[],
  ): Promise<StoreOutcome | Extract<WriteOutcome, { kind: 'not-yet' }>> {
    const { table, message, event, deadlineAtMs, waitsUntilMs } = delivery;
    if (Date.now() >= deadlineAtMs) {
      return tooLate(delivery);
    }
    const { messageId } = message;
    const publishTime = toMicroseconds(message.publishTime);
    const built = buildRow({ messageId, publishTime }, event, fitted, new Date().toISOString());
    if (built.kind === 'rejected') {
      return { kind: 'rejected', table, reason: built.code, stage: 'fit', detail: built.detail };
    }
    const { row, bytes } = built;
    const toWrite = { insertId: messageId, row, columns, bytes, deadlineAtMs, waitsUntilMs };
    const written = await traced('append', { table }, () => this.options.writer.write(table, toWrite));
    switch (written.kind) {
      case 'stored':
        return { kind: 'stored', table, overflowed: fitted.overflow?.entries.length ?? 0 };
      case 'rejected': {
        const detail = written.message;
        return { kind: 'rejected', table, reason: 'APPEND_REJECTED', stage: 'append', detail };
      }
      case 'not-yet':
        return written;
    }
  }

  /** What is permanent ends the event only where there is no table to write it to. */
  #failed({ table }: Delivery, error: TableError): StoreOutcome {
    const { code, disposition, message: detail } = error;
    if (disposition !== 'permanent') {
      return { kind: 'held', table, code, disposition, detail };
    }
    return this.options.reconciler.known(table) === undefined
      ? { kind: 'rejected', table, reason: 'APPEND_REJECTED', stage: 'reconcile', detail }
      : { kind: 'held', table, code, disposition: 'transient', detail };
  }
}

function restless(tableId: string): TableError {
  return new TableError({ code: 'CONTENDED', message: 'The table did not come to rest in time', tableId });
}

function notYet({ table }: Delivery, detail: string): StoreOutcome {
  return { kind: 'held', table, code: 'NOT_YET', disposition: 'transient', detail };
}

function tooLate({ table }: Delivery): StoreOutcome {
  const detail = 'The table was not ready in time';
  return { kind: 'held', table, code: 'NOT_IN_TIME', disposition: 'transient', detail };
}
