import {
  audit,
  deadLetterCandidates,
  replay,
  writeLedger,
  type Books,
  type Forecaster,
} from '@pipeline/books';
import type { Publisher, Sql } from '@pipeline/google-clients';
import { OneAtATime } from '../requests/one-at-a-time.js';
import type { AuditRequest } from './audit-request.js';

export interface AuditServiceOptions {
  readonly sql: Sql;
  /** Most bytes that one query of an audit may bill. */
  readonly maxBytes: number;
  /** Longest time between publishing and the row, in milliseconds. */
  readonly inProgressMs: number;
  /** Name of the writer in the ledger. */
  readonly actor: string;
  /** Most dead letters that an audit replays; 0 for none. */
  readonly autoReplayLimit: number;
  readonly publisher: Publisher;
  /** Called for each audit, because a forecaster caches the tables it reads. */
  readonly makeForecaster: () => Forecaster;
}

/** Age of the oldest dead letter that is replayed. */
const REPLAY_MS = 7 * 86_400_000;
/** Dead letters that are tried; those that cannot succeed do not use up the limit of replays. */
const MAX_CANDIDATES = 100_000;

/** Takes the books, writes them to `_ledger`, and keeps the number of unaccounted events for the metric. */
export class AuditService {
  readonly #options: AuditServiceOptions;
  #unaccounted: number | undefined;
  readonly #audits = new OneAtATime('AUDIT_RUNNING', 'An audit is running');

  constructor(options: AuditServiceOptions) {
    this.#options = { ...options, sql: limitBytes(options.sql, options.maxBytes) };
  }

  /** Runs one audit at a time: each reads every event of its span. @throws RequestFailure 429 while one is running */
  runAlone<T>(work: () => Promise<T>): Promise<T> {
    return this.#audits.run(work);
  }

  /** Unaccounted events of the last audit; undefined before the first. */
  get unaccounted(): number | undefined {
    return this.#unaccounted;
  }

  async audit({ since, until, ledger }: AuditRequest, now: Date): Promise<Books> {
    const { sql, inProgressMs, actor } = this.#options;
    const span = { from: since, to: until };
    const books = await audit(sql, { span, now, inProgressMs });
    this.#unaccounted = books.totals.unaccounted;
    if (ledger) await writeLedger(sql, { span, now, inProgressMs, actor });
    return books;
  }

  /** Replays dead letters whose table has changed since and that would be rows today. @returns how many */
  async replayChanged(now: Date): Promise<number> {
    const { sql, autoReplayLimit, publisher, makeForecaster } = this.#options;
    if (autoReplayLimit === 0) return 0;
    const filter = {
      since: new Date(now.getTime() - REPLAY_MS),
      onlyChanged: true,
      dismissed: 'exclude',
    } as const;
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

/** The same queries, each of which BigQuery refuses if it would bill more. */
function limitBytes(sql: Sql, maximumBytesBilled: number): Sql {
  return {
    name: (tableId) => sql.name(tableId),
    archiveName: (tableId) => sql.archiveName(tableId),
    rows: (query) => sql.rows({ maximumBytesBilled, ...query }),
    execute: (query) => sql.execute({ maximumBytesBilled, ...query }),
    estimateBytes: (query) => sql.estimateBytes(query),
  };
}
