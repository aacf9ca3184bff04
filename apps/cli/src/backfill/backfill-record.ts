import {
  earlierBackfill,
  recordBackfill,
  updateBackfill,
  type BackfillOutcome,
  type BackfillProgress,
  type BackfillRun,
  type EarlierBackfill,
} from '@pipeline/books';
import { CloudError, type Sql } from '@pipeline/google-clients';

/** Between two updates of the row: what a killed run leaves behind is as old as this at most. */
const UPDATE_EVERY_MS = 15_000;

/**
 * The row of this run in `_backfills`. A dataset without that table, of a release before it, records nothing.
 */
export class BackfillRecord {
  #updating: Promise<void> = Promise.resolve();
  #updatedAtMs = performance.now();

  private constructor(
    private readonly sql: Sql,
    private readonly run: BackfillRun,
    /** False if the dataset has no `_backfills`. */
    readonly isKept: boolean,
  ) {}

  /** The latest run of the same source; null also if the dataset has no `_backfills`. */
  static async earlier(sql: Sql, sourceSha256: string): Promise<EarlierBackfill | null> {
    return earlierBackfill(sql, sourceSha256).catch((cause: unknown) => {
      if (isMissing(cause)) return null;
      throw cause;
    });
  }

  static async begin(sql: Sql, run: BackfillRun): Promise<BackfillRecord> {
    const isKept = await recordBackfill(sql, run).then(
      () => true,
      (cause: unknown) => {
        if (isMissing(cause)) return false;
        throw cause;
      },
    );
    return new BackfillRecord(sql, run, isKept);
  }

  /** Writes how far the run is, now and then. A failure is left to the last update. */
  note(progress: BackfillProgress): void {
    const nowMs = performance.now();
    if (!this.isKept || nowMs - this.#updatedAtMs < UPDATE_EVERY_MS) return;
    this.#updatedAtMs = nowMs;
    this.#updating = this.#updating.then(() => this.#update(progress, 'running').catch(() => undefined));
  }

  /** @throws CloudError */
  async end(progress: BackfillProgress, outcome: BackfillOutcome, detail?: string): Promise<void> {
    await this.#updating;
    if (this.isKept) await this.#update(progress, outcome, detail);
  }

  #update(progress: BackfillProgress, outcome: BackfillOutcome, detail?: string): Promise<void> {
    const update = { ...progress, outcome, at: new Date(), ...(detail === undefined ? {} : { detail }) };
    return updateBackfill(this.sql, this.run, update);
  }
}

function isMissing(cause: unknown): boolean {
  return cause instanceof CloudError && cause.code === 'TABLE_NOT_FOUND';
}
