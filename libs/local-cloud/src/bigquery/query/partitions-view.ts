import type { Field } from '../rules/field-schema.js';
import { objectAt } from '../rules/json.js';
import type { TableEntry } from '../warehouse/catalog.js';
import { quoteName, quoteText } from '../warehouse/duckdb-types.js';
import { PARTITION_TIME, storedFields } from '../warehouse/ingestion-time.js';
import { type Value, valuesRelation } from './values-relation.js';

/** Numbers of rows of tables. */
export interface RowCounts {
  /** The number, if no query is needed for it. */
  readonly known: (table: TableEntry) => number | undefined;
  /** DuckDB SQL that reads a table's rows. */
  readonly rowsOf: (table: TableEntry) => string;
  /** Time of the last change of the rows or of the table itself, in milliseconds. */
  readonly changedMs: (table: TableEntry) => number;
}

const PARTITION_FORMATS: Readonly<Record<string, string>> = {
  DAY: '%Y%m%d',
  HOUR: '%Y%m%d%H',
  MONTH: '%Y%m',
  YEAR: '%Y',
};

const FIELDS: readonly Field[] = (
  [
    ['table_catalog', 'STRING'],
    ['table_schema', 'STRING'],
    ['table_name', 'STRING'],
    ['partition_id', 'STRING'],
    ['total_rows', 'INTEGER'],
    ['total_logical_bytes', 'INTEGER'],
    ['total_billable_bytes', 'INTEGER'],
    ['last_modified_time', 'TIMESTAMP'],
    ['storage_tier', 'STRING'],
  ] as const
).map(([name, type]) => ({ name, type, mode: 'NULLABLE' }));

/** INFORMATION_SCHEMA.PARTITIONS: the rows of each partition, counted. Tables that have none are one entry. */
export function partitionsView(
  tables: readonly TableEntry[],
  { known, rowsOf, changedMs }: RowCounts,
): { readonly sql: string; readonly fields: readonly Field[] } {
  const counted: Value[][] = [];
  const parts: string[] = [];
  for (const table of tables) {
    if (table.kind === 'VIEW' || table.fields.length === 0) continue;
    const { projectId, datasetId, tableId } = table.name;
    const partitioning = objectAt(table.properties, 'timePartitioning');
    const column = table.hasIngestionTime === true ? PARTITION_TIME.name : partitioning['field'];
    const time = new Date(changedMs(table)).toISOString();
    const count = known(table);
    if (typeof column === 'string') {
      if (count === 0) continue;
      const format = PARTITION_FORMATS[String(partitioning['type'])] ?? '%Y%m%d';
      const id = `coalesce(strftime(CAST(${quoteName(column)} AS TIMESTAMP), ${quoteText(format)}), '__NULL__')`;
      const heads = [projectId, datasetId, tableId].map(quoteText).join(', ');
      const rows = rowsOf({ ...table, fields: storedFields(table) });
      parts.push(
        `SELECT ${heads}, ${id}, count(*), 0::BIGINT, 0::BIGINT, TIMESTAMPTZ ${quoteText(time)}, 'ACTIVE' FROM ${rows} GROUP BY ${id}`,
      );
    } else {
      const rows: Value = count ?? { sql: `(SELECT count(*) FROM ${rowsOf(table)})` };
      counted.push([projectId, datasetId, tableId, null, rows, 0, 0, time, 'ACTIVE']);
    }
  }
  const names = FIELDS.map(({ name }) => quoteName(name)).join(', ');
  const rows = [`SELECT * FROM ${valuesRelation(FIELDS, counted)}`, ...parts].join(' UNION ALL ');
  return { sql: `(SELECT * FROM (${rows}) AS v(${names}))`, fields: FIELDS };
}
