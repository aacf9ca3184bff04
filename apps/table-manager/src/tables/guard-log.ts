import { GUARD_LABEL, QUARANTINE_TABLE, type TableGuardOptions } from '@pipeline/bigquery-tables';
import type { DatasetAddress } from '@pipeline/google-clients';
import type { PinoLogger } from 'nestjs-pino';

const VARIABLES = { hour: 'MAX_NEW_TABLES_PER_HOUR', dataset: 'MAX_TABLES_PER_DATASET' } as const;

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
      const remedy = `find the producer in ${QUARANTINE_TABLE}, raise ${VARIABLES[limit]} if its types are wanted, or else stop it, and only then run bq update --clear_label ${GUARD_LABEL} ${table}: while the limit is reached, it is set again`;
      logger.error(
        { limit, used, max, remedy },
        'limit on tables reached: no table is created for an unknown type',
      );
    },
  };
}
