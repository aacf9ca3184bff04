import type { Column, CompiledSchema } from '@pipeline/schema-inference';
import { withoutOrigins } from './origin.js';
import type { StoredTable } from './table-store.port.js';

/**
 * The cached part of a table. Fields in the API's form and the sentences about the origin of columns are left out: they are
 * large, and a change reads them again.
 */
export type RememberedTable = Omit<StoredTable, 'fields' | 'description'>;

/** A table as this process last saw it, with its schema ready for `fit`. */
export interface KnownTable {
  readonly stored: RememberedTable;
  readonly compiled: CompiledSchema;
  /** Grows with every answer about any table; the higher of two is the newer. */
  readonly generation: number;
}

interface Entry {
  readonly table: KnownTable;
  /** Counts uses of the cache; the lowest is the one used least recently. */
  usedAt: number;
}

/**
 * Tables by id, the least recently used forgotten first. Every event asks, so a use is one number written, and only
 * forgetting looks for the lowest.
 *
 * Every request takes a ticket before it is sent; its answer is cached only if no request with a later ticket was answered
 * before. So a slow, stale read never overwrites a newer one.
 */
export class TableCache {
  readonly #entries = new Map<string, Entry>();
  #lastTicket = 0;
  #lastUse = 0;

  constructor(private readonly maxTables: number) {}

  takeTicket(): number {
    return ++this.#lastTicket;
  }

  get(tableId: string): KnownTable | undefined {
    const entry = this.#entries.get(tableId);
    if (entry === undefined) {
      return undefined;
    }
    entry.usedAt = ++this.#lastUse;
    return entry.table;
  }

  /** @returns the current entry: the given table, or a newer one that was cached before */
  remember(
    ticket: number,
    seen: StoredTable,
    compile: (stored: RememberedTable) => CompiledSchema,
  ): KnownTable {
    const known = this.#entries.get(seen.tableId)?.table;
    if (known !== undefined && known.generation > ticket) {
      return known;
    }
    const isSame = known !== undefined && known.stored.etag === seen.etag && seen.etag !== '';
    const stored = isSame ? known.stored : withoutResource(seen);
    const table = { stored, compiled: isSame ? known.compiled : compile(stored), generation: ticket };
    this.#entries.set(stored.tableId, { table, usedAt: ++this.#lastUse });
    this.#forgetOldest();
    return table;
  }

  get size(): number {
    return this.#entries.size;
  }

  /** The etag a table was last seen with, without counting as a use of it. */
  etagOf(tableId: string): string | undefined {
    return this.#entries.get(tableId)?.table.stored.etag;
  }

  /** The most recently used last. */
  list(): readonly KnownTable[] {
    return [...this.#entries.values()]
      .sort((left, right) => left.usedAt - right.usedAt)
      .map(({ table }) => table);
  }

  #forgetOldest(): void {
    while (this.#entries.size > this.maxTables) {
      let oldest: readonly [string, Entry] | null = null;
      for (const candidate of this.#entries) {
        if (oldest === null || candidate[1].usedAt < oldest[1].usedAt) {
          oldest = candidate;
        }
      }
      if (oldest === null) {
        return;
      }
      this.#entries.delete(oldest[0]);
    }
  }
}

function withoutResource(seen: StoredTable): RememberedTable {
  const { tableId, etag, version, createdAtMs, isPartitioned, labels, schema } = seen;
  const columns = schema.columns.map(withoutSentences);
  return { tableId, etag, version, createdAtMs, isPartitioned, labels, schema: { ...schema, columns } };
}

/** The origin of columns is in BigQuery and in the history; here it would take a third of the memory. */
function withoutSentences({ description, columns, ...column }: Column): Column {
  const text = withoutOrigins(description);
  return {
    ...column,
    ...(text === undefined ? {} : { description: text }),
    ...(columns === undefined ? {} : { columns: columns.map(withoutSentences) }),
  };
}
