import { Inject, Injectable } from '@nestjs/common';
import { remedyFor, type CloudError } from '@pipeline/google-clients';
import { PinoLogger } from 'nestjs-pino';
import { TableManagerSettings } from '../config/table-manager.settings.js';

/** A problem that needs an operator: the remedy, and BigQuery's own words. */
export interface SetupProblem {
  readonly code: string;
  readonly remedy: string;
  readonly detail: string;
}

/** The part that a problem affects; a problem is over when its part works again. */
export type SetupPart = 'tables' | 'history' | 'promotion' | `table ${string}`;

/** Limit on remembered problems of single tables. */
const MAX_PROBLEMS = 100;

/**
 * Keeps the setup problems that need an operator until they are over: for readiness, and for one log line per problem
 * however many events meet it.
 */
@Injectable()
export class SetupWatch {
  readonly #problems = new Map<SetupPart, SetupProblem>();
  readonly #settings: Readonly<Pick<TableManagerSettings, 'projectId' | 'dataset'>>;
  readonly #logger: Pick<PinoLogger, 'error' | 'info'>;

  constructor(
    @Inject(TableManagerSettings) settings: Readonly<Pick<TableManagerSettings, 'projectId' | 'dataset'>>,
    @Inject(PinoLogger) logger: Pick<PinoLogger, 'error' | 'info'>,
  ) {
    this.#settings = settings;
    this.#logger = logger;
  }

  failed(part: SetupPart, error: CloudError): void {
    const { projectId, dataset: datasetId } = this.#settings;
    const remedy = remedyFor(error, { projectId, datasetId });
    const isFull = this.#problems.size >= MAX_PROBLEMS && !this.#problems.has(part);
    if (remedy === null || isFull || this.#problems.get(part)?.remedy === remedy) {
      return;
    }
    const { code, message: detail } = error;
    this.#problems.set(part, { code, remedy, detail });
    this.#logger.error({ part, code, remedy, detail }, 'setup problem, operator action required');
  }

  worked(part: SetupPart): void {
    const problem = this.#problems.get(part);
    if (problem !== undefined) {
      this.#problems.delete(part);
      this.#logger.info({ part, code: problem.code }, 'setup problem resolved');
    }
  }

  /** The problem that affects most. */
  get problem(): SetupProblem | null {
    const [first = null] = this.#problems.values();
    return this.#problems.get('tables') ?? this.#problems.get('history') ?? first;
  }
}
