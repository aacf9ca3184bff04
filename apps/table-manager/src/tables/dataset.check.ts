import { type TableStore } from '@pipeline/bigquery-tables';
import { CloudError } from '@pipeline/google-clients';
import type { CheckOutcome, HealthCheck } from '@pipeline/platform';
import type { SetupWatch } from './setup-watch.js';

/**
 * Whether the dataset is there and may be read. What a person has to do stands in the message; what only an attempt
 * could tell (a right to change tables, the history's table) shows as `degraded` until an attempt succeeds.
 */
export class DatasetCheck implements HealthCheck {
  readonly name = 'dataset';

  constructor(
    private readonly store: Pick<TableStore, 'checkDataset'>,
    private readonly setup: Pick<SetupWatch, 'problem'>,
  ) {}

  async check(): Promise<CheckOutcome> {
    try {
      await this.store.checkDataset();
    } catch (cause) {
      const error = CloudError.from(cause);
      return { kind: 'down', code: error.code, message: `${error.disposition}: ${error.message}` };
    }
    const { problem } = this.setup;
    return problem === null
      ? { kind: 'up' }
      : { kind: 'degraded', code: problem.code, message: `setup: ${problem.remedy}` };
  }
}
