import {
  joinPending,
  listContractTables,
  pendingApprovals,
  pendingTypes,
  type PendingApprovals,
} from '@pipeline/books';
import type { Sql } from '@pipeline/google-clients';
import type { TableSchema } from '@pipeline/schema-inference';

export interface PendingServiceOptions {
  readonly sql: Sql;
  readonly readSchema: (table: string) => Promise<TableSchema | null>;
  /** Age from which an answer is read again, in milliseconds. */
  readonly maxAgeMs: number;
  /** Age from which an answer is not given any more, in milliseconds. */
  readonly staleMs: number;
}

/** Pending approvals, and the time at which they were read. */
export interface PendingAnswer extends PendingApprovals {
  readonly readAt: string;
}

/**
 * Changes and event types that wait for an approval, of all tables.
 *
 * Read from the rows, so that every replica answers the same. The last answer is given at once while it is young; from `maxAgeMs`
 * on it is given once more and read again in the background; from `staleMs` on the reader waits. Readers share one read, and a read
 * that fails is not kept.
 */
export class PendingService {
  #last: PendingAnswer | null = null;
  #reading: Promise<PendingAnswer> | null = null;

  constructor(private readonly options: PendingServiceOptions) {}

  /** @throws CloudError if there is no answer to give meanwhile */
  async read(): Promise<PendingAnswer> {
    const { maxAgeMs, staleMs } = this.options;
    const last = this.#last;
    const ageMs = last === null ? Infinity : Date.now() - Date.parse(last.readAt);
    if (last !== null && ageMs < maxAgeMs) return last;
    const reading = this.#readOnce();
    if (last === null || ageMs >= staleMs) return reading;
    // A failure shows when the answer is too old to be given.
    reading.catch(() => undefined);
    return last;
  }

  #readOnce(): Promise<PendingAnswer> {
    this.#reading ??= this.#read().finally(() => {
      this.#reading = null;
    });
    return this.#reading;
  }

  async #read(): Promise<PendingAnswer> {
    const { sql, readSchema } = this.options;
    const readAt = new Date().toISOString();
    const tables = await listContractTables(sql);
    const types = await pendingTypes(sql);
    const changes = await pendingApprovals(sql, tables, { readSchema });
    this.#last = { readAt, ...joinPending(types, changes) };
    return this.#last;
  }
}
