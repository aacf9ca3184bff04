import type { PinoLogger } from 'nestjs-pino';
import { remedyFor, type CloudError, type DatasetAddress } from '@pipeline/google-clients';

/** What a person has to do, and BigQuery's own words. */
export interface SetupProblem {
  readonly code: string;
  readonly remedy: string;
  readonly detail: string;
}

/** Where a problem shows; each is over when that part works again. */
export type SetupPart = 'tables' | 'history';

/**
 * Remembers what a person has to grant or create, until it works: for readiness, and for one line in the log, however
 * many events meet the same problem.
 */
export class SetupWatch {
  readonly #problems = new Map<SetupPart, SetupProblem>();

  constructor(
    private readonly dataset: DatasetAddress,
    private readonly logger: Pick<PinoLogger, 'error' | 'info'>,
  ) {}

  failed(part: SetupPart, error: CloudError): void {
    const remedy = remedyFor(error, this.dataset);
    if (remedy === null || this.#problems.get(part)?.remedy === remedy) {
      return;
    }
    const { code, message: detail } = error;
    this.#problems.set(part, { code, remedy, detail });
    this.logger.error({ part, code, remedy, detail }, 'somebody has to act');
  }

  worked(part: SetupPart): void {
    const problem = this.#problems.get(part);
    if (problem !== undefined) {
      this.#problems.delete(part);
      this.logger.info({ part, code: problem.code }, 'what somebody had to act on works again');
    }
  }

  /** The problem that keeps most from working. */
  get problem(): SetupProblem | null {
    return this.#problems.get('tables') ?? this.#problems.get('history') ?? null;
  }
}
