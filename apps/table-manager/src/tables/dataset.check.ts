import { TableError, type TableStore } from '@pipeline/bigquery-tables';
import type { CheckOutcome, HealthCheck } from '@pipeline/platform';

/** Whether the dataset is there and may be read. What a person has to do stands in the message. */
export class DatasetCheck implements HealthCheck {
  readonly name = 'dataset';

  constructor(private readonly store: Pick<TableStore, 'checkDataset'>) {}

  async check(): Promise<CheckOutcome> {
    try {
      await this.store.checkDataset();
      return { kind: 'up' };
    } catch (cause) {
      const error = TableError.from(cause);
      return { kind: 'down', code: error.code, message: `${error.disposition}: ${error.message}` };
    }
  }
}
