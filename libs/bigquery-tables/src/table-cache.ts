import type { CompiledSchema } from '@pipeline/schema-inference';
import type { StoredTable } from './table-store.port.js';

/** What is kept of a table. Its fields as the API writes them are not: a change reads them anew, and they are large. */
export type RememberedTable = Omit<StoredTable, 'fields' | 'description'>;

/** A table as this process last saw it, with its schema ready for `fit`. */
export interface KnownTable {
  readonly stored: RememberedTable;
  readonly compiled: CompiledSchema;
  /** Grows with everything that is learnt about any table; the higher of two is the newer. */
  readonly generation: number;
}

/**
 * Tables by id, the least recently used forgotten first.
 *
 * Every question to BigQuery takes a ticket before it is asked; an answer is kept only when no later ticket has
 * answered already. So a slow, stale read never overwrites what a newer one saw.
 */
export class TableCache {
  readonly #tables = new Map<string, KnownTable>();
  #lastTicket = 0;

  constructor(private readonly maxTables: number) {}

  takeTicket(): number {
    return ++this.#lastTicket;
  }

  get(tableId: string): KnownTable | undefined {
    const table = this.#tables.get(tableId);
    if (table !== undefined) {
      this.#tables.delete(tableId);
      this.#tables.set(tableId, table);
    }
    return table;
  }

  /** @returns what is known now: the given table, or the newer one that was here already */
  remember(
    ticket: number,
    seen: StoredTable,
    compile: (stored: RememberedTable) => CompiledSchema,
  ): KnownTable {
    const stored = withoutResource(seen);
    const known = this.#tables.get(stored.tableId);
    if (known !== undefined && known.generation > ticket) {
      return known;
    }
    const isSame = known !== undefined && known.stored.etag === stored.etag && stored.etag !== '';
    const table = { stored, compiled: isSame ? known.compiled : compile(stored), generation: ticket };
    this.#tables.delete(stored.tableId);
    this.#tables.set(stored.tableId, table);
    this.#forgetOldest();
    return table;
  }

  get size(): number {
    return this.#tables.size;
  }

  /** The etag a table was last seen with, without counting as a use of it. */
  etagOf(tableId: string): string | undefined {
    return this.#tables.get(tableId)?.stored.etag;
  }

  list(): readonly KnownTable[] {
    return [...this.#tables.values()];
  }

  #forgetOldest(): void {
    while (this.#tables.size > this.maxTables) {
      const oldest = this.#tables.keys().next();
      if (oldest.done === true) {
        return;
      }
      this.#tables.delete(oldest.value);
    }
  }
}

function withoutResource(seen: StoredTable): RememberedTable {
  const { tableId, etag, version, createdAtMs, isPartitioned, labels, schema } = seen;
  return { tableId, etag, version, createdAtMs, isPartitioned, labels, schema };
}
