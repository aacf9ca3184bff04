import type { TableEntry } from '../../warehouse/catalog.js';
import { quoteName } from '../../warehouse/duckdb-types.js';
import { PARTITION_TIME } from '../../warehouse/ingestion-time.js';
import type { Column } from './scope.js';
import { scalar, TIMESTAMP } from './types.js';
import { value } from './value.js';

/**
 * The pseudo-columns of a table partitioned by ingestion time; they answer to their names only.
 *
 * Source: docs/querying-partitioned-tables#query_an_ingestion-time_partitioned_table, from memory.
 */
export function partitionColumns(
  { hasIngestionTime }: Pick<TableEntry, 'hasIngestionTime'>,
  alias: string,
): readonly Column[] {
  if (hasIngestionTime !== true) return [];
  const time = `${alias}.${quoteName(PARTITION_TIME.name)}`;
  return [
    { name: PARTITION_TIME.name, value: value(time, TIMESTAMP) },
    { name: '_PARTITIONDATE', value: value(`CAST(timezone('UTC', ${time}) AS DATE)`, scalar('DATE')) },
  ];
}
