import type { HistoryAuditor, HistoryWriter, ReconcilerObserver } from '@pipeline/bigquery-tables';
import type { PinoLogger } from 'nestjs-pino';
import type { TableMetrics } from '../metrics/table-metrics.js';
import { logChange } from './log-change.js';
import type { SetupWatch } from './setup-watch.js';

export interface ObserverParts {
  readonly logger: Pick<PinoLogger, 'info' | 'warn'>;
  readonly metrics: Pick<TableMetrics, 'changed'>;
  readonly history: Pick<HistoryWriter, 'record'>;
  readonly auditor: Pick<HistoryAuditor, 'schedule'>;
  readonly setup: Pick<SetupWatch, 'failed' | 'worked'>;
}

/** Passes on what happens to tables: to the log, the metrics, the history, and to readiness. */
export class TableObserver {
  readonly callbacks: Required<ReconcilerObserver>;

  constructor({ logger, metrics, history, auditor, setup }: ObserverParts) {
    this.callbacks = {
      onChange: (change) => {
        logChange(logger, change);
        metrics.changed(change);
        history.record(change);
      },
      onDiscovered: (tableId) => {
        auditor.schedule(tableId);
      },
      onTable: () => {
        setup.worked('tables');
      },
      onFailure: (_tableId, error) => {
        setup.failed('tables', error);
      },
    };
  }
}
