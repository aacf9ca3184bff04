import { TableError, type KnownTable, type TableReconciler } from '@pipeline/bigquery-tables';
import { parsePush, type PubsubMessage, type PushRequest } from '@pipeline/cloudevents';
import { traced, tracedSync } from '@pipeline/platform';
import { decodeEvent, fit, type CompiledSchema, type DecodedEvent } from '@pipeline/schema-inference';
import type { EventRoutes } from '../config/event-routes.js';
import { TOO_LATE, untilDeadline } from '../storing/deadline.js';
import { createTableRouter } from '../storing/table-router.js';
import type { Later, PushTaker } from './push-taker.port.js';
import { toReplayed } from './replayed-message.js';
import type { TakeOutcome, Taken } from './take-outcome.js';

export interface KeepTableOptions {
  readonly reconciler: Pick<TableReconciler, 'known' | 'reconcile'>;
  readonly routes: EventRoutes;
  readonly replayTopic: string;
  /** How long one delivery is worked on. */
  readonly eventDeadlineMs: number;
}

/** Rounds of change that one delivery takes part in. One is normal; more happen when somebody else changes the table. */
const MAX_ROUNDS = 5;

/**
 * `dataflow` mode: sees to it that the table has a column for everything in an event, and leaves the event itself to
 * the Dataflow job.
 *
 * Where the table has, no call is made and nothing is waited for: the answer is there at once. Never throws for what is
 * in the request.
 */
export class KeepTableService implements PushTaker {
  readonly #tableOf: (eventType: string) => string;
  readonly #decoding: {
    readonly schemaOf: (eventType: string) => CompiledSchema | undefined;
    readonly verdictOnly: true;
  };

  constructor(private readonly options: KeepTableOptions) {
    const tableOf = createTableRouter(options.routes);
    this.#tableOf = tableOf;
    this.#decoding = {
      schemaOf: (eventType) => options.reconciler.known(tableOf(eventType))?.compiled,
      verdictOnly: true,
    };
  }

  take(request: PushRequest): Taken | Later {
    const parsed = parsePush(request);
    if (parsed.kind === 'rejected') {
      const outcome = { kind: 'left', reason: parsed.code, table: null, detail: parsed.detail } as const;
      return { outcome, messageId: null, eventType: null, publishTime: null };
    }
    const message = toReplayed(parsed, request.headers, this.options.replayTopic);
    const { messageId, publishTime } = message;
    const decoded = tracedSync('decode', {}, () => decodeEvent(message, this.#decoding));
    if (decoded.kind === 'rejected') {
      const { code: reason, detail, eventType } = decoded;
      return { outcome: { kind: 'left', reason, table: null, detail }, messageId, eventType, publishTime };
    }
    const { event } = decoded;
    const { eventType } = event;
    const table = this.#tableOf(eventType);
    const known = this.options.reconciler.known(table);
    if (known !== undefined && !isPending(event, known)) {
      return { outcome: { kind: 'known', table }, messageId, eventType, publishTime };
    }
    return async () => {
      const outcome = await this.#keep(table, message, event);
      return { outcome, messageId, eventType, publishTime };
    };
  }

  async #keep(table: string, message: PubsubMessage, event: DecodedEvent): Promise<TakeOutcome> {
    const deadlineAtMs = Date.now() + this.options.eventDeadlineMs;
    const outcome = await untilDeadline(this.#change(table, message, event), deadlineAtMs);
    return outcome === TOO_LATE ? restless(table, 'NOT_IN_TIME') : outcome;
  }

  async #change(table: string, { messageId }: PubsubMessage, event: DecodedEvent): Promise<TakeOutcome> {
    const need = {
      pendingIn: (compiled: CompiledSchema) => fit(event, compiled, { verdictOnly: true }).pending,
      cause: messageId,
      eventType: event.eventType,
    };
    try {
      for (let round = 0; round < MAX_ROUNDS; round++) {
        const known = await traced('reconcile', { table }, () =>
          this.options.reconciler.reconcile(table, need),
        );
        if (!isPending(event, known)) {
          return { kind: 'changed', table };
        }
      }
      return restless(table, 'CONTENDED');
    } catch (cause) {
      return toOutcome(table, TableError.from(cause));
    }
  }
}

function isPending(event: DecodedEvent, { compiled }: KnownTable): boolean {
  return fit(event, compiled, { verdictOnly: true }).pending.length > 0;
}

/** What BigQuery will never do is not tried again: the job waits for its time, and writes the row without the column. */
function toOutcome(table: string, { code, disposition, message: detail }: TableError): TakeOutcome {
  return disposition === 'permanent'
    ? { kind: 'left', reason: 'TABLE_REFUSED', table, detail }
    : { kind: 'held', table, code, disposition, detail };
}

function restless(table: string, code: 'NOT_IN_TIME' | 'CONTENDED'): TakeOutcome {
  const detail = 'The table did not come to rest in time';
  return { kind: 'held', table, code, disposition: 'transient', detail };
}
