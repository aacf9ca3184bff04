import { listEventTables, pendingApprovals, type PendingApprovals } from '@pipeline/books';
import type { Sql } from '@pipeline/google-clients';
import type { TableSchema } from '@pipeline/schema-inference';

export interface PendingServiceOptions {
  readonly sql: Sql;
  readonly readSchema: (table: string) => Promise<TableSchema | null>;
  /** Age at which an answer is read again, in milliseconds. */
  readonly maxAgeMs: number;
}

/** Pending approvals, and the time at which they were read. */
export interface PendingAnswer extends PendingApprovals {
  readonly readAt: string;
}

/**
 * Changes that wait for an approval, of all tables.
 *
 * Read from the rows, so that every replica answers the same, and kept for a short time, because a reader may ask every second.
 * Readers that come while it is read share one read. A read that fails is not kept.
 */
export class PendingService {
  #last: { readonly readAtMs: number; readonly answer: Promise<PendingAnswer> } | null = null;

  constructor(private readonly options: PendingServiceOptions) {}

  /** @throws CloudError */
  read(): Promise<PendingAnswer> {
    const nowMs = Date.now();
    if (this.#last !== null && nowMs - this.#last.readAtMs < this.options.maxAgeMs) return this.#last.answer;
    const answer = this.#read(nowMs);
    this.#last = { readAtMs: nowMs, answer };
    answer.catch(() => {
      if (this.#last?.answer === answer) this.#last = null;
    });
    return answer;
  }

  async #read(nowMs: number): Promise<PendingAnswer> {
    const { sql, readSchema } = this.options;
    const tables = await listEventTables(sql);
    const found =
      tables.length === 0 ? { approvals: [], total: 0 } : await pendingApprovals(sql, tables, { readSchema });
    return { readAt: new Date(nowMs).toISOString(), ...found };
  }
}
