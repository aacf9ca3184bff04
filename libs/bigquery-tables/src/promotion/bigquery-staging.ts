import { BigqueryLoads, type BigqueryClient } from '@pipeline/google-clients';
import { toField } from '../schema-changes/table-resource.js';
import type { StagingTables } from './staging.port.js';

/** BigQuery takes only an expiration in the future. */
const RELEASED_MS = 60_000;

/**
 * Staging tables over REST, filled by load jobs, because the Storage Write API does not know a new table for minutes.
 * Source: BigQuery "Batch loading data" and "Write API best practices", read 2026-11-29.
 */
export class BigqueryStaging implements StagingTables {
  readonly #loads: BigqueryLoads;

  constructor(private readonly client: BigqueryClient) {
    this.#loads = new BigqueryLoads(client);
  }

  async create({ tableId, columns, expiresAtMs }: Parameters<StagingTables['create']>[0]): Promise<void> {
    const { projectId, datasetId } = this.client;
    await this.client.request({
      method: 'POST',
      path: ['datasets', datasetId, 'tables'],
      tableId,
      body: {
        tableReference: { projectId, datasetId, tableId },
        schema: { fields: columns.map(toField) },
        expirationTime: String(expiresAtMs),
        labels: { managed_by: 'pipeline' },
      },
    });
  }

  load(tableId: string, avro: Uint8Array): Promise<void> {
    return this.#loads.append({ tableId, avro });
  }

  async release(tableId: string): Promise<void> {
    await this.client.request({
      method: 'PATCH',
      path: ['datasets', this.client.datasetId, 'tables', tableId],
      tableId,
      body: { expirationTime: String(Date.now() + RELEASED_MS) },
    });
  }
}
