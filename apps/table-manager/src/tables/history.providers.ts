import type { Provider } from '@nestjs/common';
import {
  HistoryAuditor,
  HistoryWriter,
  SCHEMA_HISTORY,
  TABLE_STORE,
  type SchemaHistory,
  type TableStore,
} from '@pipeline/bigquery-tables';
import { PinoLogger } from 'nestjs-pino';
import type { TableManagerSettings } from '../config/table-manager.settings.js';
import { TableMetrics } from '../metrics/table-metrics.js';
import { SERVICE_VERSION } from '../service-version.js';
import { SetupWatch } from './setup-watch.js';
import { TableObserver } from './table-observer.js';

const actor = `table-manager@${SERVICE_VERSION}`;

/** What tells the history of the tables, and what has to be granted or created. */
export function historyProviders(settings: Readonly<TableManagerSettings>): Provider[] {
  const { projectId, dataset: datasetId, historyDelaySeconds } = settings;
  return [
    {
      provide: SetupWatch,
      inject: [PinoLogger],
      useFactory: (logger: PinoLogger) => new SetupWatch({ projectId, datasetId }, logger),
    },
    {
      provide: HistoryWriter,
      inject: [SCHEMA_HISTORY, PinoLogger, SetupWatch],
      useFactory: (history: SchemaHistory, logger: PinoLogger, setup: SetupWatch) =>
        new HistoryWriter({
          history,
          actor,
          onAppended: () => {
            setup.worked('history');
          },
          onFailure: (error, waiting) => {
            setup.failed('history', error);
            const { code, message: detail } = error;
            logger.debug({ code, detail, waiting }, 'schema history not told yet');
          },
        }),
    },
    {
      provide: HistoryAuditor,
      inject: [SCHEMA_HISTORY, TABLE_STORE, HistoryWriter, PinoLogger, SetupWatch],
      useFactory: (
        history: SchemaHistory,
        store: TableStore,
        writer: HistoryWriter,
        logger: PinoLogger,
        setup: SetupWatch,
      ) =>
        new HistoryAuditor({
          settleMs: historyDelaySeconds * 1_000,
          store,
          history,
          actor,
          report: (records) => {
            for (const { tableId: table, kind, path, actor: by } of records) {
              logger.warn({ table, kind, path, actor: by }, 'change found that the history did not tell');
            }
            writer.append(records);
          },
          onFailure: (error) => {
            setup.failed('history', error);
            const { code, message: detail } = error;
            logger.debug({ code, detail }, 'schema history not compared');
          },
        }),
    },
    {
      provide: TableObserver,
      inject: [PinoLogger, TableMetrics, HistoryWriter, HistoryAuditor, SetupWatch],
      useFactory: (
        logger: PinoLogger,
        metrics: TableMetrics,
        history: HistoryWriter,
        auditor: HistoryAuditor,
        setup: SetupWatch,
      ) => new TableObserver({ logger, metrics, history, auditor, setup }),
    },
  ];
}
