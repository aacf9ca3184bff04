import type { Column, CompiledSchema } from '@pipeline/schema-inference';
import { LRUCache } from 'lru-cache';
import { withoutOrigins } from './origin.js';
import { hasPipelineColumns } from './pipeline-columns.js';
import type { StoredTable } from './table-store.port.js';

/**
 * The cached part of a table. Fields in the API's form and the sentences about the origin of columns are left out: they are
 * large, and a change reads them again.
 */
export type RememberedTable = Omit<StoredTable, 'fields' | 'description' | 'bytes'>;

/** A table as this process last saw it, with its schema ready for `fit`. */
export interface KnownTable {
  readonly stored: RememberedTable;
  readonly compiled: CompiledSchema;
  /** False for a hand-made table that still lacks the pipeline's columns: no row can be written yet. */
  readonly isComplete: boolean;
  /** Grows with every answer about any table; the higher of two is the newer. */
  readonly generation: number;
  /** The time of the answer, in milliseconds. */
  readonly seenAtMs: number;
}

const MAX_AGE_MS = 300_000;
/** A short outage of `tables.get` delays no event. */
const EXPIRES_AFTER_AGES = 6;

/**
 * `aged`: read it again soon, because other processes and people change tables. `expired`: do not use it before; `RetypeEnd` waits
 * twice as long, so that no process writes by a schema from before a retype.
 */
export function ageOf({ seenAtMs }: KnownTable, maxAgeMs = MAX_AGE_MS): 'fresh' | 'aged' | 'expired' {
  const ageMs = Date.now() - seenAtMs;
  if (ageMs < maxAgeMs) return 'fresh';
  return ageMs < maxAgeMs * EXPIRES_AFTER_AGES ? 'aged' : 'expired';
}

/**
 * Tables by id, the least recently used evicted first.
 *
 * Every request takes a ticket before it is sent; its answer is cached only if no request with a later ticket was answered
 * before. So a slow, stale read never overwrites a newer one.
 */
export class TableCache {
  readonly #tables: LRUCache<string, KnownTable>;
  #lastTicket = 0;

  constructor(maxTables: number) {
    this.#tables = new LRUCache({ max: maxTables });
  }

  takeTicket(): number {
    return ++this.#lastTicket;
  }

  get(tableId: string): KnownTable | undefined {
    return this.#tables.get(tableId);
  }

  /** @returns the current entry: the given table, or a newer one that was cached before */
  remember(
    ticket: number,
    seen: StoredTable,
    compile: (stored: RememberedTable) => CompiledSchema,
  ): KnownTable {
    const known = this.#tables.peek(seen.tableId);
    if (known !== undefined && known.generation > ticket) {
      return known;
    }
    const isSame = known !== undefined && known.stored.etag === seen.etag && seen.etag !== '';
    const stored = isSame ? known.stored : withoutResource(seen);
    const table = {
      stored,
      compiled: isSame ? known.compiled : compile(stored),
      isComplete: isSame ? known.isComplete : stored.kind === 'TABLE' && hasPipelineColumns(stored.schema),
      generation: ticket,
      seenAtMs: Date.now(),
    };
    this.#tables.set(stored.tableId, table);
    return table;
  }

  get size(): number {
    return this.#tables.size;
  }

  /** The etag a table was last seen with, without counting as a use of it. */
  etagOf(tableId: string): string | undefined {
    return this.#tables.peek(tableId)?.stored.etag;
  }

  /** The most recently used last. */
  list(): readonly KnownTable[] {
    return [...this.#tables.rvalues()].filter((table) => table !== undefined);
  }
}

function withoutResource(seen: StoredTable): RememberedTable {
  const { tableId, kind, etag, version, createdAtMs, isPartitioned, labels, schema } = seen;
  const columns = schema.columns.map(withoutSentences);
  return { tableId, kind, etag, version, createdAtMs, isPartitioned, labels, schema: { ...schema, columns } };
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
