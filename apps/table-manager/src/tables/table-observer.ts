import { Injectable } from '@nestjs/common';
import { HistoryAuditor, HistoryWriter, type ReconcilerObserver } from '@pipeline/bigquery-tables';
import { PinoLogger } from 'nestjs-pino';
import { TableMetrics } from '../metrics/table-metrics.js';
import { logChange } from './log-change.js';
import { SetupWatch } from './setup-watch.js';

/** Passes events of the reconciler on to the log, the metrics, the history and readiness. */
@Injectable()
export class TableObserver {
  readonly callbacks: Required<ReconcilerObserver>;

  constructor(
    logger: PinoLogger,
    metrics: TableMetrics,
    history: HistoryWriter,
    auditor: HistoryAuditor,
    setup: SetupWatch,
  ) {
    this.callbacks = {
      onChange: (change) => {
        logChange(logger, change);
        metrics.changed(change);
        history.record(change);
      },
      onDiscovered: (tableId) => {
        auditor.schedule(tableId);
      },
      onTable: ({ tableId }) => {
        setup.worked('tables');
        setup.worked(`table ${tableId}`);
      },
      onFailure: (tableId, error) => {
        // One table that cannot be used says nothing about the others.
        setup.failed(error.code === 'TABLE_UNUSABLE' ? `table ${tableId}` : 'tables', error);
      },
    };
  }
}
