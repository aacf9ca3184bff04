import {
  audit,
  deadLetterCandidates,
  replay,
  writeLedger,
  type Books,
  type Forecaster,
  type Publisher,
  type Sql,
} from '@pipeline/books';
import type { AuditRequest } from './audit-request.js';

export interface AuditServiceOptions {
  readonly sql: Sql;
  /** How long a message may be on its way, in milliseconds. */
  readonly heldMs: number;
  /** Who writes to the ledger. */
  readonly actor: string;
  /** Dead letters that an audit may replay by itself; 0: none. */
  readonly autoReplayLimit: number;
  readonly publisher: Publisher;
  /** Made anew for each audit: it remembers the tables as it read them. */
  readonly makeForecaster: () => Forecaster;
}

/** The books, and how many dead letters were replayed because their table has changed since. */
export interface Audited {
  readonly books: Books;
  readonly replayed: number;
}

/** Dead letters are looked for so far back. */
const REPLAY_MS = 7 * 86_400_000;

/** Takes the books, keeps them in `_ledger`, and remembers what was unaccounted for the metric. */
export class AuditService {
  #unaccounted: number | undefined;

  constructor(private readonly options: AuditServiceOptions) {}

  /** What the last audit did not account for; undefined before the first. */
  get unaccounted(): number | undefined {
    return this.#unaccounted;
  }

  async audit({ since, until, ledger }: AuditRequest, now: Date): Promise<Audited> {
    const { sql, heldMs, actor } = this.options;
    const span = { from: since, to: until };
    const books = await audit(sql, { span, now, heldMs });
    this.#unaccounted = books.totals.unaccounted;
    if (ledger) await writeLedger(sql, { span, now, heldMs, actor });
    return { books, replayed: await this.#replayChanged(now) };
  }

  /** What a change of its table may have made a row of, and would be one today. */
  async #replayChanged(now: Date): Promise<number> {
    const { sql, autoReplayLimit, publisher, makeForecaster } = this.options;
    if (autoReplayLimit === 0) return 0;
    const filter = { since: new Date(now.getTime() - REPLAY_MS), onlyChanged: true };
    let replayed = 0;
    await replay(deadLetterCandidates(sql, filter, autoReplayLimit), {
      forecaster: makeForecaster(),
      publisher,
      dryRun: false,
      force: false,
      onStep: ({ kind }) => {
        if (kind === 'published') replayed++;
      },
    });
    return replayed;
  }
}
