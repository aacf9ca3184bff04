import type { BigquerySql, SqlParameter } from '@pipeline/google-clients';
import type { ChangeRecord } from '../schema-changes/change-record.js';
import { HISTORY_COLUMNS, HISTORY_TABLE } from './history-row.js';

/** Rows of one statement: BigQuery takes at most 10,000 parameters. */
const ROWS_AT_ONCE = 200;

/**
 * Writes records to `_schema_history` by INSERT, for a caller without a writer of rows.
 *
 * @throws CloudError
 */
export async function insertHistory(
  sql: Pick<BigquerySql, 'name' | 'execute'>,
  records: readonly ChangeRecord[],
): Promise<void> {
  for (let start = 0; start < records.length; start += ROWS_AT_ONCE) {
    const parameters: Record<string, SqlParameter> = {};
    const rows = records.slice(start, start + ROWS_AT_ONCE).map((record, index) => {
      const values = valuesOf(record).map(([name, value, expression = '@']) => {
        if (value === null) return 'NULL';
        parameters[`${name}_${index}`] = value;
        return expression.replace('@', `@${name}_${index}`);
      });
      return `(${values.join(', ')})`;
    });
    const columns = HISTORY_COLUMNS.map(({ name }) => name).join(', ');
    await sql.execute({
      sql: `INSERT INTO ${sql.name(HISTORY_TABLE)} (${columns}) VALUES\n${rows.join(',\n')}`,
      parameters,
      tableId: HISTORY_TABLE,
    });
  }
}

type Value = readonly [name: string, value: SqlParameter | null, expression?: string];

/** In the order of {@link HISTORY_COLUMNS}. */
function valuesOf(record: ChangeRecord): readonly Value[] {
  return [
    ['change_id', record.changeId],
    ['table_name', record.tableId],
    ['version', record.version],
    ['path', record.path],
    ['kind', record.kind],
    ['from_type', record.fromType],
    ['to_type', record.toType],
    ['message_id', record.messageId],
    ['sample', record.sample === null ? null : JSON.stringify(record.sample), 'PARSE_JSON(@)'],
    ['changed_at', new Date(record.changedAtMs)],
    ['actor', record.actor],
  ];
}
