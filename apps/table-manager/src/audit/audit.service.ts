import { audit, writeLedger, type Books, type Sql } from '@pipeline/books';
import type { AuditRequest } from './audit-request.js';

export interface AuditServiceOptions {
  readonly sql: Sql;
  /** How long a message may be on its way, in milliseconds. */
  readonly heldMs: number;
  /** Who writes to the ledger. */
  readonly actor: string;
}

/** Takes the books, keeps them in `_ledger`, and remembers what was unaccounted for the metric. */
export class AuditService {
  #unaccounted: number | undefined;

  constructor(private readonly options: AuditServiceOptions) {}

  /** What the last audit did not account for; undefined before the first. */
  get unaccounted(): number | undefined {
    return this.#unaccounted;
  }

  async audit({ since, until, ledger }: AuditRequest, now: Date): Promise<Books> {
    const { sql, heldMs, actor } = this.options;
    const span = { from: since, to: until };
    const books = await audit(sql, { span, now, heldMs });
    this.#unaccounted = books.totals.unaccounted;
    if (ledger) await writeLedger(sql, { span, now, heldMs, actor });
    return books;
  }
}
