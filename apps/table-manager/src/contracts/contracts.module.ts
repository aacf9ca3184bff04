import { Global, Module, type DynamicModule } from '@nestjs/common';
import { approvalCosts, BigqueryTableStore } from '@pipeline/bigquery-tables';
import { PendingList } from '@pipeline/books';
import { BigqueryClient, BigquerySql } from '@pipeline/google-clients';
import type { TableManagerSettings } from '../config/table-manager.settings.js';
import { PendingController } from './pending.controller.js';

const QUERY_TIMEOUT_MS = 60_000;
/** Age from which the list is read again; the local cloud bills nothing. */
const [MAX_AGE_MS, LOCAL_MAX_AGE_MS] = [30_000, 2_000];

/** `GET /contracts/pending`, and {@link PendingList} for other modules. */
@Global()
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
    const sql = new BigquerySql(client);
    const list = new PendingList({
      sql,
      readSchema: async (table) => (await store.read(table))?.schema ?? null,
      estimate: (tables) => approvalCosts({ sql, store }, tables),
      maxAgeMs: bigqueryEmulatorHost === undefined ? MAX_AGE_MS : LOCAL_MAX_AGE_MS,
    });
    const provider = { provide: PendingList, useValue: list };
    return {
      module: ContractsModule,
      controllers: [PendingController],
      providers: [provider],
      exports: [provider],
    };
  }
}
