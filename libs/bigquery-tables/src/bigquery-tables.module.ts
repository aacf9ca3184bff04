import { Module } from '@nestjs/common';
import { BigqueryClient, type BigqueryConnection } from '@pipeline/google-clients';
import { BigquerySchemaHistory } from './history/bigquery-schema-history.adapter.js';
import { BigqueryTableStore } from './schema-changes/bigquery-table-store.adapter.js';
import {
  ConfigurableModuleClass,
  MODULE_OPTIONS_TOKEN,
  type BigqueryTablesOptions,
} from './bigquery-tables.module-definition.js';
import { createRowAppender } from './rows/create-row-appender.js';
import { ROW_APPENDER, type RowAppender } from './rows/row-appender.port.js';
import { SCHEMA_HISTORY } from './history/schema-history.port.js';
import { TABLE_STORE } from './schema-changes/table-store.port.js';

/** Binds the ports of this library to one BigQuery dataset. */
@Module({
  providers: [
    {
      provide: BigqueryClient,
      inject: [MODULE_OPTIONS_TOKEN],
      useFactory: (connection: BigqueryConnection) => new BigqueryClient(connection),
    },
    {
      provide: TABLE_STORE,
      inject: [BigqueryClient],
      useFactory: (client: BigqueryClient) => new BigqueryTableStore(client),
    },
    {
      provide: ROW_APPENDER,
      inject: [MODULE_OPTIONS_TOKEN],
      useFactory: ({ projectId, datasetId, timeoutMs, storageEndpoint }: BigqueryTablesOptions) =>
        createRowAppender({
          projectId,
          datasetId,
          ...(timeoutMs === undefined ? {} : { timeoutMs }),
          ...(storageEndpoint === undefined ? {} : { endpoint: storageEndpoint }),
        }),
    },
    {
      provide: SCHEMA_HISTORY,
      inject: [BigqueryClient, ROW_APPENDER],
      useFactory: (client: BigqueryClient, appender: RowAppender) =>
        new BigquerySchemaHistory(client, appender),
    },
  ],
  exports: [TABLE_STORE, ROW_APPENDER, SCHEMA_HISTORY],
})
export class BigqueryTablesModule extends ConfigurableModuleClass {}
