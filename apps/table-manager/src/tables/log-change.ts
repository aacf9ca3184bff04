import type { TableChange } from '@pipeline/bigquery-tables';
import type { PinoLogger } from 'nestjs-pino';

/** Cloud Logging accepts 256 KB an entry; one event may add 1,000 columns with names of 300 characters. */
const MAX_LOGGED_CHANGES = 50;
const MAX_LOGGED_MESSAGES = 10;

/**
 * Writes one line per change of a table: what was added or widened, and the messages that caused it, at most fifty and
 * ten. The history has them all.
 */
export function logChange(logger: Pick<PinoLogger, 'info' | 'warn'>, change: TableChange): void {
  const { tableId, action, changes, causes } = change;
  const more = changes.length - MAX_LOGGED_CHANGES;
  const fields = {
    table: tableId,
    changes: changes.slice(0, MAX_LOGGED_CHANGES).map(({ kind, path }) => `${kind} ${path.join('.')}`),
    ...(more > 0 ? { more_changes: more } : {}),
    message_ids: causes.slice(0, MAX_LOGGED_MESSAGES),
  };
  if (action === 'recreated') {
    logger.warn(fields, 'table was deleted and is created again');
  } else {
    logger.info(fields, action === 'created' ? 'table created' : 'table changed');
  }
}
