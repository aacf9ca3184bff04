import { Module, type DynamicModule } from '@nestjs/common';
import { BigqueryTableStore } from '@pipeline/bigquery-tables';
import { BigqueryClient, BigquerySql } from '@pipeline/google-clients';
import type { TableManagerSettings } from '../config/table-manager.settings.js';
import { PendingController } from './pending.controller.js';
import { PendingService } from './pending.service.js';

const QUERY_TIMEOUT_MS = 60_000;
const MAX_AGE_MS = 30_000;
const STALE_MS = 300_000;

/** `GET /contracts/pending`. */
@Module({})
export class ContractsModule {
  static forRoot(settings: Readonly<TableManagerSettings>): DynamicModule {
    const { projectId, dataset: datasetId, bigqueryEmulatorHost } = settings;
    const client = new BigqueryClient({
      projectId,
      datasetId,
      timeoutMs: QUERY_TIMEOUT_MS,
      ...(bigqueryEmulatorHost === undefined ? {} : { endpoint: bigqueryEmulatorHost }),
    });
    const store = new BigqueryTableStore(client);
    const service = new PendingService({
      sql: new BigquerySql(client),
      readSchema: async (table) => (await store.read(table))?.schema ?? null,
      maxAgeMs: MAX_AGE_MS,
      staleMs: STALE_MS,
    });
    return {
      module: ContractsModule,
      controllers: [PendingController],
      providers: [{ provide: PendingService, useValue: service }],
    };
  }
}
