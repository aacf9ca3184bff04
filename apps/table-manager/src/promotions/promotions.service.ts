import type {
  AutoRetype,
  PromotedDay,
  PromotionRun,
  PromotionScope,
  Promoter,
} from '@pipeline/bigquery-tables';
import { CloudError } from '@pipeline/google-clients';
import { RequestFailure } from '@pipeline/platform';
import type { PinoLogger } from 'nestjs-pino';
import type { PromotionMetrics } from '../metrics/promotion-metrics.js';
import type { OneAtATime } from '../requests/one-at-a-time.js';
import type { SetupWatch } from '../tables/setup-watch.js';
import type { TableNotes } from '../tables/table-notes.js';
import type { PromotionCall } from './promotion-request.js';
import type { RetypesService } from './retypes.service.js';

/** Longest time after a change of a table in which a writer may not know it; the nightly sweep finds what comes later. */
const CHANGED_MS = 3_600_000;
/** Less than Cloud Run's default limit on a request, 300 s, so that the caller gets an answer. */
const MAX_RUN_MS = 240_000;

/** A run, and the fields that were retyped after it because they cannot widen. */
export interface PromotionAnswer extends PromotionRun {
  readonly automatic: readonly AutoRetype[];
}

export interface PromotionsServiceOptions {
  readonly promoter: Pick<Promoter, 'run'>;
  readonly retypes: Pick<RetypesService, 'runAutomatic'>;
  readonly notes: Pick<TableNotes, 'awaiting' | 'takeUnwidenable' | 'overflowed'>;
  /** One promotion or retype at a time. */
  readonly slot: OneAtATime;
  readonly logger: Pick<PinoLogger, 'info' | 'warn'>;
  readonly metrics: Pick<PromotionMetrics, 'promoted'>;
  readonly setup: Pick<SetupWatch, 'failed' | 'worked'>;
  /** Reads a table again: values that had to be moved may come from a schema of this process that is out of date. */
  readonly refresh: (table: string) => Promise<unknown>;
}

/** Runs promotions, one at a time, and shows them in log, metrics and readiness. */
export class PromotionsService {
  readonly #options: PromotionsServiceOptions;

  constructor(options: PromotionsServiceOptions) {
    this.#options = options;
  }

  /** @throws RequestFailure 429 while a promotion runs, 503 if BigQuery does not answer or lacks something */
  async run(call: PromotionCall): Promise<PromotionAnswer> {
    return this.#options.slot.run(() => this.#run(call));
  }

  async #run({ tables, scope, publishedSince, dryRun }: PromotionCall): Promise<PromotionAnswer> {
    const { promoter, setup, notes } = this.#options;
    const nowMs = Date.now();
    const endsAtMs = nowMs + MAX_RUN_MS;
    try {
      const run = await promoter.run({
        ...(tables === undefined ? { alsoTables: notes.awaiting() } : { tables }),
        scope,
        publishedSince,
        isDryRun: dryRun,
        changedSince: new Date(nowMs - CHANGED_MS),
        endsAtMs,
      });
      setup.worked('promotion');
      for (const day of run.days) this.#show(day);
      await this.#refresh(run);
      const automatic = dryRun ? [] : await this.#retype(run, scope, { publishedSince, endsAtMs });
      return { ...run, automatic };
    } catch (cause) {
      const error = CloudError.from(cause);
      const { code, message, disposition } = error;
      setup.failed('promotion', error);
      throw new RequestFailure({ status: 503, code, message, details: { disposition }, cause });
    }
  }

  /** Retypes what this process saw, and at night whatever has an overflow. */
  async #retype(
    { days }: PromotionRun,
    scope: PromotionScope,
    span: { readonly publishedSince: Date; readonly endsAtMs: number },
  ): Promise<readonly AutoRetype[]> {
    const { notes, retypes: service } = this.#options;
    const found = scope === 'all' ? days.map(({ table }) => table) : [];
    const tables = new Set([...notes.takeUnwidenable(), ...found]);
    const { retypes, failed } = await service.runAutomatic([...tables], span);
    failed.forEach((table) => {
      notes.overflowed(table, 'NOT_WIDENABLE');
    });
    return retypes;
  }

  async #refresh({ days }: PromotionRun): Promise<void> {
    const tables = new Set(days.filter(({ outcome }) => outcome === 'promoted').map(({ table }) => table));
    // A table that cannot be read now is read with its next change.
    for (const table of tables) await this.#options.refresh(table).catch(() => undefined);
  }

  #show(promoted: PromotedDay): void {
    const { logger, metrics } = this.#options;
    metrics.promoted(promoted);
    if (promoted.outcome === 'promoted') logger.info(promoted, 'values moved to their columns');
    else if (promoted.outcome !== 'unchanged') logger.warn(promoted, `promotion ${promoted.outcome}`);
  }
}
