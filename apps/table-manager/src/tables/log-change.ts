import type { TableChange } from '@pipeline/bigquery-tables';
import type { PinoLogger } from 'nestjs-pino';

/** One line per change of a table: what was added or widened, and the messages that caused it (at most ten). */
export function logChange(logger: Pick<PinoLogger, 'info' | 'warn'>, change: TableChange): void {
  const { tableId, action, changes, causes } = change;
  const fields = {
    table: tableId,
    changes: changes.map(({ kind, path }) => `${kind} ${path.join('.')}`),
    message_ids: causes.slice(0, 10),
  };
  if (action === 'recreated') {
    logger.warn(fields, 'table was gone and is made again');
  } else {
    logger.info(fields, action === 'created' ? 'table created' : 'table changed');
  }
}
