import type { Field } from '../../rules/field-schema.js';
import type { TableEntry } from '../../warehouse/catalog.js';
import { quoteName } from '../../warehouse/duckdb-types.js';
import { PARTITION_TIME, partitionMicros } from '../../warehouse/ingestion-time.js';

/**
 * The column list of an INSERT, and SQL of the values that come before those of `fields`: the partition of rows that arrive
 * now in a table partitioned by ingestion time. Each value ends in a comma.
 */
export function insertColumns(
  entry: TableEntry,
  fields: readonly Field[],
  nowMs: number,
): { readonly names: string; readonly values: string } {
  const isStamped = entry.hasIngestionTime === true && !fields.includes(PARTITION_TIME);
  const columns = isStamped ? [PARTITION_TIME, ...fields] : fields;
  return {
    names: columns.map(({ name }) => quoteName(name)).join(', '),
    values: isStamped ? `make_timestamptz(${partitionMicros(entry, nowMs)}), ` : '',
  };
}
