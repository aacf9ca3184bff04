import {
  buildRow,
  compileSchema,
  fit,
  PIPELINE_COLUMNS,
  routeEventType,
  type CompiledSchema,
  type RejectionCode,
  type TableSchema,
} from '@pipeline/schema-inference';
import { decodeRouted, type EventRouting } from './event-routing.js';
import type { RawMessage } from './raw-messages.js';

/**
 * The outcome of a message today: a row, a row after changes of the table, or a dead letter again.
 * `overflowed` leaves are in the row's `_overflow`; `changes` are what the table would get first.
 */
export type Forecast =
  | {
      readonly kind: 'row';
      readonly table: string;
      readonly overflowed: number;
      readonly changes: number;
      readonly isNewTable: boolean;
      /** Only if the table does not exist and no event creates it now: the message goes whole to `_quarantine`. */
      readonly held?: 'AWAITING_APPROVAL' | 'TABLE_GUARD';
      /** Only if a value would wait in `_overflow` for a person's approval. */
      readonly awaitsApproval?: true;
    }
  | {
      readonly kind: 'rejected';
      readonly reason: RejectionCode | 'TYPE_NOT_ALLOWED';
      readonly detail: string;
    };

export interface ForecasterOptions extends EventRouting {
  /** A table's schema as it is now; null where there is no such table. */
  readonly readSchema: (table: string) => Promise<TableSchema | null>;
  /** The reason for which no table is created for a new event type; asked once if there is one. Absent: tables are created. */
  readonly newTypes?: () => Promise<HeldBy>;
}

type HeldBy = 'AWAITING_APPROVAL' | 'TABLE_GUARD' | 'TYPE_NOT_ALLOWED' | null;

interface KnownTable {
  readonly compiled: CompiledSchema;
  readonly isNew: boolean;
}

const EMPTY_TABLE: TableSchema = { columns: PIPELINE_COLUMNS, closed: false };

/** Fits messages against today's schemas; each table is read once. */
export class Forecaster {
  readonly #tables = new Map<string, Promise<KnownTable>>();
  #refusal: Promise<HeldBy> | null = null;

  constructor(private readonly options: ForecasterOptions) {}

  async forecast({ messageId, publishedAt, data, attributes }: RawMessage): Promise<Forecast> {
    const decoded = decodeRouted({ data, attributes }, this.options);
    if (decoded.kind === 'rejected') return rejection(decoded);
    const table = routeEventType(decoded.event.eventType, this.options.routes);
    const { compiled, isNew } = await this.#table(table);
    const fitted = fit(decoded.event, compiled);
    const built = buildRow({ messageId, publishTime: publishedAt }, decoded.event, fitted, publishedAt);
    if (built.kind === 'rejected') return rejection(built);
    const held = isNew ? await this.#heldBy() : null;
    if (held === 'TYPE_NOT_ALLOWED') return rejection(NOT_ALLOWED);
    return {
      kind: 'row',
      table,
      overflowed: fitted.overflow?.entries.length ?? 0,
      changes: fitted.pending.length,
      isNewTable: isNew,
      ...(held === null ? {} : { held }),
      ...(fitted.awaitsApproval ? { awaitsApproval: true } : {}),
    };
  }

  #heldBy(): Promise<HeldBy> {
    this.#refusal ??= this.options.newTypes?.() ?? Promise.resolve(null);
    return this.#refusal;
  }

  #table(table: string): Promise<KnownTable> {
    let known = this.#tables.get(table);
    if (known === undefined) {
      known = this.options.readSchema(table).then((schema) => ({
        compiled: compileSchema(schema ?? EMPTY_TABLE),
        isNew: schema === null,
      }));
      this.#tables.set(table, known);
    }
    return known;
  }
}

const NOT_ALLOWED = {
  code: 'TYPE_NOT_ALLOWED',
  detail: 'The contract of the dataset rejects new event types, and the table does not exist.',
} as const;

function rejection({
  code,
  detail,
}: {
  readonly code: RejectionCode | 'TYPE_NOT_ALLOWED';
  readonly detail: string;
}): Forecast {
  return { kind: 'rejected', reason: code, detail };
}
