import { Module, type DynamicModule } from '@nestjs/common';
import {
  BigqueryTablesModule,
  HistoryAuditor,
  HistoryWriter,
  QUARANTINE_TABLE,
  ROW_APPENDER,
  RowWriter,
  TABLE_STORE,
  TableGuard,
  TableReconciler,
  UniqueViews,
  type RowAppender,
  type TableStore,
} from '@pipeline/bigquery-tables';
import { PinoLogger } from 'nestjs-pino';
import type { TableManagerSettings } from '../config/table-manager.settings.js';
import { TableMetrics } from '../metrics/table-metrics.js';
import { DatasetCheck } from './dataset.check.js';
import { HistoryController } from './history.controller.js';
import { historyProviders } from './history.providers.js';
import { SetupWatch } from './setup-watch.js';
import { TableObserver } from './table-observer.js';
import { guardLog } from './guard-log.js';
import { TablesController } from './tables.controller.js';
import { TablesShutdown } from './tables.shutdown.js';

/** The tables of the dataset: known schemas, changes, rows. */
@Module({})
export class TablesModule {
  static forRoot(settings: Readonly<TableManagerSettings>): DynamicModule {
    const { projectId, dataset, bigqueryEmulatorHost, eventDeadlineMs, maxTables } = settings;
    const storageEndpoint = settings.bigqueryStorageEmulatorHost;
    const connection = {
      projectId,
      datasetId: dataset,
      timeoutMs: eventDeadlineMs,
      ...(bigqueryEmulatorHost === undefined ? {} : { endpoint: bigqueryEmulatorHost }),
      ...(storageEndpoint === undefined ? {} : { storageEndpoint }),
    };
    return {
      module: TablesModule,
      imports: [BigqueryTablesModule.forRoot(connection)],
      controllers: [TablesController, HistoryController],
      providers: [
        ...historyProviders(settings),
        {
          provide: UniqueViews,
          inject: [TABLE_STORE, PinoLogger],
          useFactory: (store: TableStore, logger: PinoLogger) =>
            new UniqueViews({
              store,
              projectId,
              datasetId: dataset,
              maxTables,
              onFailure: (view, { code, message }) => {
                logger.warn({ view, code, detail: message }, 'view not made');
              },
            }),
        },
        {
          provide: TableGuard,
          inject: [TABLE_STORE, PinoLogger, TableMetrics],
          useFactory: (store: TableStore, logger: PinoLogger, metrics: TableMetrics) =>
            metrics.watchGuard(
              new TableGuard({
                store,
                maxNewTablesPerHour: settings.maxNewTablesPerHour,
                maxTablesPerDataset: settings.maxTablesPerDataset,
                replicas: settings.maxReplicas,
                ...guardLog(logger, { projectId, datasetId: dataset }),
              }),
            ),
        },
        {
          provide: TableReconciler,
          inject: [TABLE_STORE, TableObserver, UniqueViews, TableMetrics, TableGuard],
          useFactory: (
            store: TableStore,
            observer: TableObserver,
            views: UniqueViews,
            metrics: TableMetrics,
            guard: TableGuard,
          ) =>
            metrics.watch(
              new TableReconciler({
                store,
                guard,
                maxTables,
                pace: { replicas: settings.maxReplicas },
                ...observer.callbacks,
                onTable: (table) => {
                  observer.callbacks.onTable(table);
                  void views.ensure(table);
                },
              }),
            ),
        },
        {
          provide: RowWriter,
          inject: [ROW_APPENDER, TableReconciler, TableMetrics],
          useFactory: (appender: RowAppender, reconciler: TableReconciler, metrics: TableMetrics) =>
            new RowWriter({
              appender,
              maxDelayMs: settings.appendDelayMs,
              maxRows: settings.appendRows,
              onAppend: (append) => {
                metrics.appended(append);
              },
              onNotYet: (tableId, messageId) => {
                if (tableId === QUARANTINE_TABLE) return;
                // The row is tried again whatever comes of this; a failure shows at the next append.
                reconciler.verify(tableId, messageId).catch(() => undefined);
              },
            }),
        },
        {
          provide: TablesShutdown,
          inject: [RowWriter, TableReconciler, UniqueViews, HistoryWriter, HistoryAuditor],
          useFactory: (
            writer: RowWriter,
            reconciler: TableReconciler,
            views: UniqueViews,
            history: HistoryWriter,
            auditor: HistoryAuditor,
          ) => new TablesShutdown({ writer, reconciler, views, history, auditor }),
        },
        {
          provide: DatasetCheck,
          inject: [TABLE_STORE, SetupWatch],
          useFactory: (store: TableStore, setup: SetupWatch) => new DatasetCheck(store, setup),
        },
      ],
      exports: [BigqueryTablesModule, TableReconciler, RowWriter, DatasetCheck],
    };
  }
}
