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
    }
  | { readonly kind: 'rejected'; readonly reason: RejectionCode; readonly detail: string };

export interface ForecasterOptions extends EventRouting {
  /** A table's schema as it is now; null where there is no such table. */
  readonly readSchema: (table: string) => Promise<TableSchema | null>;
}

interface KnownTable {
  readonly compiled: CompiledSchema;
  readonly isNew: boolean;
}

const EMPTY_TABLE: TableSchema = { columns: PIPELINE_COLUMNS, closed: false };

/** Fits messages against today's schemas; each table is read once. */
export class Forecaster {
  readonly #tables = new Map<string, Promise<KnownTable>>();

  constructor(private readonly options: ForecasterOptions) {}

  async forecast({ messageId, publishedAt, data, attributes }: RawMessage): Promise<Forecast> {
    const decoded = decodeRouted({ data, attributes }, this.options);
    if (decoded.kind === 'rejected') return rejection(decoded);
    const table = routeEventType(decoded.event.eventType, this.options.routes);
    const { compiled, isNew } = await this.#table(table);
    const fitted = fit(decoded.event, compiled);
    const built = buildRow({ messageId, publishTime: publishedAt }, decoded.event, fitted, publishedAt);
    if (built.kind === 'rejected') return rejection(built);
    return {
      kind: 'row',
      table,
      overflowed: fitted.overflow?.entries.length ?? 0,
      changes: fitted.pending.length,
      isNewTable: isNew,
    };
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

function rejection({ code, detail }: { readonly code: RejectionCode; readonly detail: string }): Forecast {
  return { kind: 'rejected', reason: code, detail };
}
