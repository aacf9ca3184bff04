import { Injectable } from '@nestjs/common';
import { CloudError } from '@pipeline/google-clients';
import type { CheckOutcome, HealthCheck } from '@pipeline/platform';
import { Warehouse } from './warehouse.js';

/** Health checks must not become calls to BigQuery at any rate. */
const CACHED_MS = 2_000;

/** Checks that the dataset may be read; `degraded` otherwise, because the pages say what is missing. */
@Injectable()
export class WarehouseCheck implements HealthCheck {
  readonly name = 'dataset';
  readonly #warehouse: Warehouse;
  #outcome: Promise<CheckOutcome> | null = null;
  #checkedAtMs = 0;

  constructor(warehouse: Warehouse) {
    this.#warehouse = warehouse;
  }

  check(): Promise<CheckOutcome> {
    const nowMs = this.#warehouse.now().getTime();
    if (this.#outcome === null || nowMs - this.#checkedAtMs > CACHED_MS) {
      this.#checkedAtMs = nowMs;
      this.#outcome = this.#read();
    }
    return this.#outcome;
  }

  async #read(): Promise<CheckOutcome> {
    try {
      await this.#warehouse.store.checkDataset();
      return { kind: 'up' };
    } catch (cause) {
      const { code, disposition, message } = CloudError.from(cause);
      return { kind: 'degraded', code, message: `${disposition}: ${message}` };
    }
  }
}
