import type { Field } from '../rules/field-schema.js';
import { objectAt } from '../rules/json.js';
import type { TableEntry } from '../warehouse/catalog.js';
import { quoteName, quoteText } from '../warehouse/duckdb-types.js';
import { PARTITION_TIME, storedFields } from '../warehouse/ingestion-time.js';

/** DuckDB SQL that reads a table's rows. */
export type Counted = (table: TableEntry) => string;

const PARTITION_FORMATS: Readonly<Record<string, string>> = {
  DAY: '%Y%m%d',
  HOUR: '%Y%m%d%H',
  MONTH: '%Y%m',
  YEAR: '%Y',
};

/** INFORMATION_SCHEMA.PARTITIONS: the rows of each partition, counted. Tables that have none are one entry. */
export function partitionsView(
  tables: readonly TableEntry[],
  rowsOf: Counted,
): { readonly sql: string; readonly fields: readonly Field[] } {
  const columns = ['table_catalog', 'table_schema', 'table_name', 'partition_id'];
  const counts = ['total_rows', 'total_logical_bytes', 'total_billable_bytes'];
  const parts = tables
    .filter((table) => table.kind === 'TABLE' && table.fields.length > 0)
    .map((table) => {
      const { projectId, datasetId, tableId } = table.name;
      const partitioning = objectAt(table.properties, 'timePartitioning');
      const column = table.hasIngestionTime === true ? PARTITION_TIME.name : partitioning['field'];
      const format = PARTITION_FORMATS[String(partitioning['type'])] ?? '%Y%m%d';
      const id =
        typeof column === 'string'
          ? `coalesce(strftime(CAST(${quoteName(column)} AS TIMESTAMP), ${quoteText(format)}), '__NULL__')`
          : 'NULL';
      const heads = [projectId, datasetId, tableId].map(quoteText).join(', ');
      const time = `TIMESTAMPTZ ${quoteText(new Date(table.modifiedMs).toISOString())}`;
      const group = id === 'NULL' ? '' : ` GROUP BY ${id}`;
      return `SELECT ${heads}, CAST(${id} AS VARCHAR), count(*), 0::BIGINT, 0::BIGINT, ${time}, 'ACTIVE' FROM ${rowsOf({ ...table, fields: storedFields(table) })}${group}`;
    });
  const all = [...columns, ...counts, 'last_modified_time', 'storage_tier'];
  const empty = `SELECT ${all.map((name) => (counts.includes(name) ? '0::BIGINT' : name === 'last_modified_time' ? 'NULL::TIMESTAMPTZ' : "''")).join(', ')} WHERE FALSE`;
  const fields = all.map((name): Field => {
    const type = counts.includes(name) ? 'INTEGER' : name === 'last_modified_time' ? 'TIMESTAMP' : 'STRING';
    return { name, type, mode: 'NULLABLE' };
  });
  const rows = parts.length === 0 ? empty : parts.join(' UNION ALL ');
  return { sql: `(SELECT * FROM (${rows}) AS v(${all.map(quoteName).join(', ')}))`, fields };
}
