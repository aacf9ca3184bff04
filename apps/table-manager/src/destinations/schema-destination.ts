import { refusalOf, type KnownTable, type TableReconciler } from '@pipeline/bigquery-tables';
import { CloudError } from '@pipeline/google-clients';
import {
  fit,
  type DecodedEvent,
  type DecodeOptions,
  type EventTypeSources,
  type Fitted,
  type OverflowReason,
} from '@pipeline/schema-inference';
import type { EventRoutes } from '../config/event-routes.js';
import type { DeadLetter } from '../dead-letters/dead-letter.js';
import { timeIsOver, TOO_LATE } from '../intake/deadline.js';
import type { EventDestination, IncomingEvent } from '../intake/event-destination.port.js';
import type { EventOutcome } from '../intake/event-outcome.js';
import { changeTable, contended, MAX_ROUNDS } from './table-change.js';
import { createDecoding, createTableRouter } from './table-router.js';

export interface SchemaDestinationOptions {
  readonly reconciler: Pick<TableReconciler, 'known' | 'reconcile' | 'refresh'>;
  readonly routes: EventRoutes;
  /** Places of the event type; the library's default if absent. */
  readonly eventTypeFrom?: EventTypeSources;
  /** Called for each value that a known table does not take, once or more. */
  readonly onOverflow?: (table: string, reason: OverflowReason) => void;
}

/**
 * `dataflow` mode: gives the table a column for everything in an event and leaves the row to the Dataflow job.
 *
 * An event of a known schema is settled at once, without a call.
 */
export class SchemaDestination implements EventDestination {
  readonly decoding: DecodeOptions;
  readonly #options: SchemaDestinationOptions;
  readonly #tableOf: (eventType: string) => string;

  constructor(options: SchemaDestinationOptions) {
    this.#options = options;
    this.#tableOf = createTableRouter(options.routes);
    this.decoding = {
      ...createDecoding(options.reconciler, this.#tableOf, options.eventTypeFrom),
      verdictOnly: true,
    };
  }

  outcomeAtOnce(event: DecodedEvent): EventOutcome | null {
    const table = this.#tableOf(event.eventType);
    const { reconciler } = this.#options;
    const known = reconciler.known(table);
    if (known === undefined) return null;
    const { pending, awaitsApproval } = this.#verdict(event, table, known);
    if (awaitsApproval) reconciler.refresh(table, event.eventType);
    return pending.length > 0 ? null : { kind: 'known', table };
  }

  async deliver(incoming: IncomingEvent): Promise<EventOutcome> {
    const table = this.#tableOf(incoming.event.eventType);
    try {
      for (let round = 0; round < MAX_ROUNDS; round++) {
        const known = await changeTable(this.#options.reconciler, table, incoming);
        if (known === TOO_LATE) return timeIsOver(table);
        if (this.#verdict(incoming.event, table, known).pending.length === 0) {
          return { kind: 'changed', table };
        }
      }
      return toOutcome(table, contended(table));
    } catch (cause) {
      return toOutcome(table, CloudError.from(cause));
    }
  }

  #verdict(event: DecodedEvent, table: string, { compiled }: KnownTable): Fitted {
    const onOverflow = (reason: OverflowReason): void => this.#options.onOverflow?.(table, reason);
    return fit(event, compiled, { verdictOnly: true, onOverflow });
  }

  /** The job has the message too, and dead-letters it. */
  reject({ reason, table, detail }: DeadLetter): EventOutcome {
    return { kind: 'left', reason, table, detail };
  }
}

/**
 * A permanent refusal is not retried: the job writes the row without the column. For lack of a table it quarantines the
 * message if a limit on tables is reached or the type awaits an approval, writes the dead letter `TYPE_NOT_ALLOWED` if a contract
 * rejects new types, and else the dead letter `TABLE_MISSING` after the wait limit.
 */
function toOutcome(table: string, error: CloudError): EventOutcome {
  const { code, disposition, message: detail } = error;
  return disposition === 'permanent'
    ? { kind: 'left', reason: refusalOf(error) ?? 'TABLE_REFUSED', table, detail }
    : { kind: 'held', table, code, disposition, detail };
}
