import { Inject, Injectable } from '@nestjs/common';
import {
  HistoryAuditor,
  HistoryWriter,
  SCHEMA_HISTORY,
  TABLE_STORE,
  type SchemaHistory,
  type TableStore,
} from '@pipeline/bigquery-tables';
import { PinoLogger } from 'nestjs-pino';
import { TableManagerSettings } from '../config/table-manager.settings.js';
import { SERVICE_VERSION } from '../service-version.js';
import { SetupWatch } from './setup-watch.js';

const actor = `table-manager@${SERVICE_VERSION}`;

/** {@link HistoryWriter} that reports setup problems. */
@Injectable()
export class ServiceHistoryWriter extends HistoryWriter {
  constructor(@Inject(SCHEMA_HISTORY) history: SchemaHistory, logger: PinoLogger, setup: SetupWatch) {
    super({
      history,
      actor,
      onAppended: () => {
        setup.worked('history');
      },
      onFailure: (error, waiting) => {
        setup.failed('history', error);
        logger.debug(
          { code: error.code, detail: error.message, waiting },
          'writing the schema history failed',
        );
      },
    });
  }
}

/** {@link HistoryAuditor} that logs changes of others and reports setup problems. */
@Injectable()
export class ServiceHistoryAuditor extends HistoryAuditor {
  constructor(
    @Inject(SCHEMA_HISTORY) history: SchemaHistory,
    @Inject(TABLE_STORE) store: TableStore,
    settings: TableManagerSettings,
    writer: HistoryWriter,
    logger: PinoLogger,
    setup: SetupWatch,
  ) {
    super({
      settleMs: settings.historyDelaySeconds * 1_000,
      store,
      history,
      actor,
      report: (records) => {
        for (const { tableId: table, kind, path, actor: by } of records) {
          logger.warn({ table, kind, path, actor: by }, 'found a change that the history lacks');
        }
        writer.append(records);
      },
      onFailure: (error) => {
        setup.failed('history', error);
        logger.debug({ code: error.code, detail: error.message }, 'comparing the schema history failed');
      },
    });
  }
}
