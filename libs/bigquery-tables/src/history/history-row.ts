import type { SqlRow } from '@pipeline/google-clients';
import type { Column } from '@pipeline/schema-inference';
import type { AppendRow } from '../rows/row-appender.port.js';
import type { ChangeKind, ChangeRecord, SampleShape } from '../schema-changes/change-record.js';

export const HISTORY_TABLE = '_schema_history';

/** The columns of `_schema_history`, as Terraform and the local cloud make it. */
export const HISTORY_COLUMNS: readonly Column[] = [
  { name: 'change_id', type: 'STRING', mode: 'REQUIRED' },
  { name: 'table_name', type: 'STRING', mode: 'REQUIRED' },
  { name: 'version', type: 'INT64', mode: 'REQUIRED' },
  { name: 'path', type: 'STRING', mode: 'NULLABLE' },
  { name: 'kind', type: 'STRING', mode: 'REQUIRED' },
  { name: 'from_type', type: 'STRING', mode: 'NULLABLE' },
  { name: 'to_type', type: 'STRING', mode: 'NULLABLE' },
  { name: 'message_id', type: 'STRING', mode: 'NULLABLE' },
  { name: 'sample', type: 'JSON', mode: 'NULLABLE' },
  { name: 'changed_at', type: 'TIMESTAMP', mode: 'REQUIRED' },
  { name: 'actor', type: 'STRING', mode: 'REQUIRED' },
];

/** A record under the names of the columns, as the API and `history --json` show it. */
export function namedRecord(record: ChangeRecord): NamedRecord {
  return {
    change_id: record.changeId,
    version: record.version,
    kind: record.kind,
    path: record.path,
    from_type: record.fromType,
    to_type: record.toType,
    message_id: record.messageId,
    sample: record.sample,
    changed_at: new Date(record.changedAtMs).toISOString(),
    actor: record.actor,
  };
}

/** {@link namedRecord}. */
export interface NamedRecord {
  readonly change_id: string;
  readonly version: number;
  readonly kind: ChangeKind;
  readonly path: string | null;
  readonly from_type: string | null;
  readonly to_type: string | null;
  readonly message_id: string | null;
  readonly sample: SampleShape | null;
  readonly changed_at: string;
  readonly actor: string;
}

/** A record as a row to append. */
export function toHistoryRow(record: ChangeRecord): AppendRow {
  return {
    insertId: record.changeId,
    columns: HISTORY_COLUMNS,
    row: {
      ...namedRecord(record),
      table_name: record.tableId,
      sample: record.sample === null ? null : JSON.stringify(record.sample),
    },
  };
}

/**
 * Selects each change of the tables `@tables` once, in its first record, the newest last; at the same instant, the table
 * before its columns.
 */
export function historyQuery(table: string, limit: number | undefined): string {
  const distinct = `SELECT * FROM ${table} WHERE table_name IN UNNEST(@tables) QUALIFY ROW_NUMBER() OVER (PARTITION BY change_id ORDER BY version, actor) = 1`;
  const rank = "CASE WHEN path IS NOT NULL THEN 2 WHEN kind = 'DROP_TABLE' THEN 0 ELSE 1 END";
  const newest =
    limit === undefined
      ? distinct
      : `SELECT * FROM (${distinct}) ORDER BY changed_at DESC, ${rank} DESC, version DESC, path DESC, change_id DESC LIMIT ${Math.trunc(limit)}`;
  return [
    'SELECT change_id, table_name, version, path, kind, from_type, to_type, message_id, TO_JSON_STRING(sample) AS sample,',
    `  UNIX_MILLIS(changed_at) AS changed_at_ms, actor FROM (${newest})`,
    `ORDER BY changed_at_ms, ${rank}, version, path, change_id`,
  ].join('\n');
}

/** Reads one row of {@link historyQuery}. */
export function fromRow(row: SqlRow): ChangeRecord {
  return {
    changeId: textOf(row, 'change_id') ?? '',
    tableId: textOf(row, 'table_name') ?? '',
    version: Number(row['version']),
    path: textOf(row, 'path'),
    // Only this library writes the table.
    kind: (textOf(row, 'kind') ?? '') as ChangeKind,
    fromType: textOf(row, 'from_type'),
    toType: textOf(row, 'to_type'),
    messageId: textOf(row, 'message_id'),
    sample: parseSample(textOf(row, 'sample')),
    changedAtMs: Number(row['changed_at_ms']),
    actor: textOf(row, 'actor') ?? '',
  };
}

function textOf(row: SqlRow, name: string): string | null {
  const value = row[name];
  return typeof value === 'string' ? value : null;
}

function parseSample(text: string | null): SampleShape | null {
  return text === null ? null : (JSON.parse(text) as SampleShape | null);
}
