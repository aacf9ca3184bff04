import {
  audit,
  deadLetterCandidates,
  replay,
  writeLedger,
  type Books,
  type Forecaster,
} from '@pipeline/books';
import type { Publisher, Sql } from '@pipeline/google-clients';
import type { AuditRequest } from './audit-request.js';

export interface AuditServiceOptions {
  readonly sql: Sql;
  /** How long a message may be on its way, in milliseconds. */
  readonly inProgressMs: number;
  /** Who writes to the ledger. */
  readonly actor: string;
  /** Dead letters that an audit may replay by itself; 0: none. */
  readonly autoReplayLimit: number;
  readonly publisher: Publisher;
  /** Made anew for each audit: it remembers the tables as it read them. */
  readonly makeForecaster: () => Forecaster;
}

/** Dead letters are looked for so far back. */
const REPLAY_MS = 7 * 86_400_000;
/** Dead letters that are looked at, most of which may be hopeless: they must not keep the others from their turn. */
const MAX_CANDIDATES = 100_000;

/** Takes the books, keeps them in `_ledger`, and remembers what was unaccounted for the metric. */
export class AuditService {
  #unaccounted: number | undefined;

  constructor(private readonly options: AuditServiceOptions) {}

  /** What the last audit did not account for; undefined before the first. */
  get unaccounted(): number | undefined {
    return this.#unaccounted;
  }

  async audit({ since, until, ledger }: AuditRequest, now: Date): Promise<Books> {
    const { sql, inProgressMs, actor } = this.options;
    const span = { from: since, to: until };
    const books = await audit(sql, { span, now, inProgressMs });
    this.#unaccounted = books.totals.unaccounted;
    if (ledger) await writeLedger(sql, { span, now, inProgressMs, actor });
    return books;
  }

  /**
   * Replay dead letters that a change of their table may have made a row of, and that would be one today.
   * @returns how many
   */
  async replayChanged(now: Date): Promise<number> {
    const { sql, autoReplayLimit, publisher, makeForecaster } = this.options;
    if (autoReplayLimit === 0) return 0;
    const filter = { since: new Date(now.getTime() - REPLAY_MS), onlyChanged: true };
    let replayed = 0;
    await replay(deadLetterCandidates(sql, filter, MAX_CANDIDATES), {
      forecaster: makeForecaster(),
      publisher,
      dryRun: false,
      force: false,
      limit: autoReplayLimit,
      onStep: ({ kind }) => {
        if (kind === 'published') replayed++;
      },
    });
    return replayed;
  }
}
