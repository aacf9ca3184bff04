import { Inject, Injectable } from '@nestjs/common';
import {
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
import { TableManagerSettings } from '../config/table-manager.settings.js';
import { TableMetrics } from '../metrics/table-metrics.js';
import { guardLog } from './guard-log.js';
import { TableObserver } from './table-observer.js';

/** {@link UniqueViews} with the service's settings and log. */
@Injectable()
export class ServiceUniqueViews extends UniqueViews {
  constructor(@Inject(TABLE_STORE) store: TableStore, settings: TableManagerSettings, logger: PinoLogger) {
    const { projectId, dataset: datasetId, maxTables } = settings;
    super({
      store,
      projectId,
      datasetId,
      maxTables,
      onFailure: (view, { code, message }) => {
        logger.warn({ view, code, detail: message }, 'creating the view failed');
      },
    });
  }
}

/** {@link TableGuard} with the service's settings, log and metrics. */
@Injectable()
export class ServiceTableGuard extends TableGuard {
  constructor(
    @Inject(TABLE_STORE) store: TableStore,
    settings: TableManagerSettings,
    logger: PinoLogger,
    metrics: TableMetrics,
  ) {
    const { projectId, dataset: datasetId, maxNewTablesPerHour, maxTablesPerDataset, maxReplicas } = settings;
    super({
      store,
      maxNewTablesPerHour,
      maxTablesPerDataset,
      replicas: maxReplicas,
      ...guardLog(logger, { projectId, datasetId }),
    });
    metrics.watchGuard(this);
  }
}

/** {@link TableReconciler} that reports to the observer and keeps the unique views. */
@Injectable()
export class ServiceTableReconciler extends TableReconciler {
  constructor(
    @Inject(TABLE_STORE) store: TableStore,
    { maxTables, maxReplicas }: TableManagerSettings,
    { callbacks }: TableObserver,
    views: UniqueViews,
    metrics: TableMetrics,
    guard: TableGuard,
  ) {
    super({
      store,
      guard,
      maxTables,
      pace: { replicas: maxReplicas },
      ...callbacks,
      onTable: (table) => {
        callbacks.onTable(table);
        void views.ensure(table);
      },
    });
    metrics.watch(this);
  }
}

/** {@link RowWriter} with the service's settings and metrics. */
@Injectable()
export class ServiceRowWriter extends RowWriter {
  constructor(
    @Inject(ROW_APPENDER) appender: RowAppender,
    { appendDelayMs: maxDelayMs, appendRows: maxRows }: TableManagerSettings,
    reconciler: TableReconciler,
    metrics: TableMetrics,
  ) {
    super({
      appender,
      maxDelayMs,
      maxRows,
      onAppend: (append) => {
        metrics.appended(append);
      },
      onNotYet: (tableId, messageId) => {
        if (tableId === QUARANTINE_TABLE) return;
        // The row is retried whatever the result; a failure shows at the next append.
        reconciler.verify(tableId, messageId).catch(() => undefined);
      },
    });
  }
}
