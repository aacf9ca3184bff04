import { Module } from '@nestjs/common';
import { BigqueryClient, type BigqueryConnection } from './bigquery-client.adapter.js';
import { BigqueryRowAppender } from './bigquery-row-appender.adapter.js';
import { BigqueryTableStore } from './bigquery-table-store.adapter.js';
import { ConfigurableModuleClass, MODULE_OPTIONS_TOKEN } from './bigquery-tables.module-definition.js';
import { ROW_APPENDER } from './row-appender.port.js';
import { TABLE_STORE } from './table-store.port.js';

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
      inject: [BigqueryClient],
      useFactory: (client: BigqueryClient) => new BigqueryRowAppender(client),
    },
  ],
  exports: [TABLE_STORE, ROW_APPENDER],
})
export class BigqueryTablesModule extends ConfigurableModuleClass {}
