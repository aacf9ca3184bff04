import { Module } from '@nestjs/common';
import {
  BigqueryTablesModule,
  HistoryAuditor,
  HistoryWriter,
  RowWriter,
  TableGuard,
  TableReconciler,
  UniqueViews,
} from '@pipeline/bigquery-tables';
import { TableManagerSettings } from '../config/table-manager.settings.js';
import { DatasetCheck } from './dataset.check.js';
import { HistoryController } from './history.controller.js';
import { ServiceHistoryAuditor, ServiceHistoryWriter } from './history-services.js';
import { SetupWatch } from './setup-watch.js';
import { TableNotes } from './table-notes.js';
import { TableObserver } from './table-observer.js';
import {
  ServiceRowWriter,
  ServiceTableGuard,
  ServiceTableReconciler,
  ServiceUniqueViews,
} from './table-services.js';
import { TablesController } from './tables.controller.js';
import { TablesShutdown } from './tables.shutdown.js';
import { toConnection } from './to-connection.js';

/** The tables of the dataset: known schemas, changes, rows. */
@Module({
  imports: [BigqueryTablesModule.forRootAsync({ inject: [TableManagerSettings], useFactory: toConnection })],
  controllers: [TablesController, HistoryController],
  providers: [
    SetupWatch,
    TableNotes,
    TableObserver,
    TablesShutdown,
    DatasetCheck,
    { provide: HistoryWriter, useClass: ServiceHistoryWriter },
    { provide: HistoryAuditor, useClass: ServiceHistoryAuditor },
    { provide: UniqueViews, useClass: ServiceUniqueViews },
    { provide: TableGuard, useClass: ServiceTableGuard },
    { provide: TableReconciler, useClass: ServiceTableReconciler },
    { provide: RowWriter, useClass: ServiceRowWriter },
  ],
  exports: [BigqueryTablesModule, TableReconciler, RowWriter, DatasetCheck, SetupWatch, TableNotes],
})
export class TablesModule {}
