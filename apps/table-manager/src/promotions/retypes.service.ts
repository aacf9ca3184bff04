import {
  refusalText,
  type AutoRetype,
  type AutoRetyper,
  type Retyper,
  type RetypeResult,
} from '@pipeline/bigquery-tables';
import { CloudError } from '@pipeline/google-clients';
import { RequestFailure } from '@pipeline/platform';
import type { PinoLogger } from 'nestjs-pino';
import type { PromotionMetrics } from '../metrics/promotion-metrics.js';
import type { OneAtATime } from '../requests/one-at-a-time.js';
import type { SetupWatch } from '../tables/setup-watch.js';
import type { RetypeCall } from './retype-request.js';

/** Less than Cloud Run's default limit on a request, 300 s, so that the caller gets an answer. */
const MAX_RUN_MS = 240_000;

export interface RetypesServiceOptions {
  readonly retyper: Pick<Retyper, 'retype'>;
  readonly auto: Pick<AutoRetyper, 'run'>;
  /** Shared with promotions, which read and change the same rows. */
  readonly slot: OneAtATime;
  readonly logger: Pick<PinoLogger, 'info' | 'warn'>;
  readonly metrics: Pick<PromotionMetrics, 'retyped'>;
  readonly setup: Pick<SetupWatch, 'failed' | 'worked'>;
  /** Reads a table again, so that the next event uses its new column. */
  readonly refresh: (table: string) => Promise<unknown>;
}

/** A result that is no refusal. */
export type RetypeAnswer = Extract<RetypeResult, { kind: 'planned' | 'retyped' | 'done' }>;

/** Retypes columns, asked for or by themselves, and shows them in log, metrics and readiness. */
export class RetypesService {
  constructor(private readonly options: RetypesServiceOptions) {}

  /**
   * @throws RequestFailure 400 with the reason if the column cannot be retyped, 404 without the table, 429 while a promotion or retype runs,
   * 503 if BigQuery does not answer or lacks something
   */
  async run(call: RetypeCall): Promise<RetypeAnswer> {
    return this.options.slot.run(() => this.#run(call));
  }

  async #run({ table, column, wish, dryRun }: RetypeCall): Promise<RetypeAnswer> {
    const { retyper, setup, logger, metrics } = this.options;
    const endsAtMs = Date.now() + MAX_RUN_MS;
    const result = await retyper
      .retype(table, wish, { isDryRun: dryRun, endsAtMs })
      .catch((cause: unknown) => {
        const error = CloudError.from(cause);
        setup.failed('promotion', error);
        const { code, message, disposition } = error;
        throw new RequestFailure({ status: 503, code, message, details: { disposition }, cause });
      });
    setup.worked('promotion');
    if (result.kind === 'missing') throw missing(table);
    if (result.kind === 'refused') {
      const { code, names } = result;
      const message = refusalText(result, { table, column });
      throw new RequestFailure({ status: 400, code, message, details: { names } });
    }
    if (!dryRun) {
      metrics.retyped({ origin: 'request', outcome: result.kind });
      logger.info({ table, column, type: wish.type, outcome: result.kind }, 'column retyped');
      await this.#refresh(table);
    }
    return result;
  }

  /** Retypes the fields of these tables that cannot widen. A table that fails for now comes back in `failed`. @throws CloudError `setup` */
  async runAutomatic(
    tables: readonly string[],
    span: Parameters<AutoRetyper['run']>[1],
  ): Promise<{ readonly retypes: readonly AutoRetype[]; readonly failed: readonly string[] }> {
    const retypes: AutoRetype[] = [];
    const failed: string[] = [];
    for (const table of tables) {
      try {
        const done = await this.options.auto.run(table, span);
        done.forEach((retype) => {
          this.#show(retype);
        });
        retypes.push(...done);
        if (done.some(({ outcome }) => outcome === 'retyped')) await this.#refresh(table);
      } catch (cause) {
        const error = CloudError.from(cause);
        if (error.disposition === 'setup') throw error;
        failed.push(table);
      }
    }
    return { retypes, failed };
  }

  #show(retype: AutoRetype): void {
    const { logger, metrics } = this.options;
    metrics.retyped({ origin: 'automatic', outcome: retype.outcome });
    if (retype.outcome === 'retyped') logger.info(retype, 'field retyped, because it cannot widen');
    else logger.warn(retype, `retype ${retype.outcome}: run pipeline retype`);
  }

  /** A table that cannot be read now is read with its next change. */
  #refresh(table: string): Promise<unknown> {
    return this.options.refresh(table).catch(() => undefined);
  }
}

function missing(table: string): RequestFailure {
  return new RequestFailure({ status: 404, code: 'NO_SUCH_TABLE', message: `There is no table ${table}` });
}
