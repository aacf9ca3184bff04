import { GUARD_LABEL, QUARANTINE_TABLE, type TableGuardOptions } from '@pipeline/bigquery-tables';
import type { DatasetAddress } from '@pipeline/google-clients';
import type { PinoLogger } from 'nestjs-pino';

/** Logs the use of the limits on tables: warnings at 50, 80 and 95 %, an error with the remedy when one is reached. */
export function guardLog(
  logger: Pick<PinoLogger, 'warn' | 'error'>,
  { projectId, datasetId }: DatasetAddress,
): Required<Pick<TableGuardOptions, 'onWarning' | 'onTripped'>> {
  return {
    onWarning: ({ limit, percent, used, max }) => {
      logger.warn({ limit, percent, used, max }, 'limit on tables is nearly used up');
    },
    onTripped: ({ limit, used, max }) => {
      const table = `${projectId}:${datasetId}.${QUARANTINE_TABLE}`;
      const remedy = `find the producer in ${QUARANTINE_TABLE}, raise the limit if its types are wanted, then bq update --clear_label ${GUARD_LABEL} ${table}`;
      logger.error({ limit, used, max, remedy }, 'limit on tables reached: unknown types are quarantined');
    },
  };
}
