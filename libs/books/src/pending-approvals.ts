import { setImmediate } from 'node:timers/promises';
import { allRows, type Sql, type SqlRow } from '@pipeline/google-clients';
import {
  compileSchema,
  refit,
  type CompiledSchema,
  type Shape,
  type TableSchema,
} from '@pipeline/schema-inference';
import { tablesWithJson } from './event-tables.js';
import { PATH_OF_POINTER, POINTER_OF_KEY } from './pointer.js';
import { redactedAttributes, redactedText, warningsOf, type ApprovalWarning } from './redacted-sample.js';
import { numberOf, textOf, textOrNull } from './sql-row.js';
import { withTables, type TablesSelect } from './tables-union.js';

/** A change that a contract wants a person to approve: one entry, however many events ask for it. */
export interface PendingApproval {
  readonly table: string;
  /** RFC 6901 over event keys, with `*` for array indexes; empty for an event type. */
  readonly path: string;
  /** A new column or field, a wider type of an existing one, or an event type without a table. */
  readonly kind: 'add' | 'widen' | 'type';
  /** The event type, if `kind` is `type`: the one of its newest event. */
  readonly eventType?: string;
  /** The type that the samples ask for, in BigQuery's words; an approval looks at every value. Null if none was inferred. */
  readonly type: string | null;
  /** For an event type its events. */
  readonly values: number;
  /** Values for each hour between the first and the last, at least one hour. */
  readonly valuesPerHour: number;
  readonly firstMessageId: string;
  readonly firstSeen: string;
  readonly lastSeen: string;
  /** Days of publish time in which values wait: moving them reads these partitions, each once. */
  readonly days: number;
  /** Attributes of the newest message, at most 10: they name its producer. Values that look like personal data are redacted. */
  readonly attributes: Readonly<Record<string, string>>;
  /** The newest value, for an event type the newest event, with letters as `x` and digits as `9`. */
  readonly sample: string;
  readonly warnings: readonly ApprovalWarning[];
  /** When a person rejected it; null if none did. */
  readonly rejectedAt: string | null;
}

export interface PendingApprovals {
  /** The most frequent first; rejected ones are left out unless they were asked for. */
  readonly approvals: readonly PendingApproval[];
  /** Distinct paths that wait; more than `approvals` if the list is cut. */
  readonly total: number;
}

export interface PendingOptions {
  readonly readSchema: (table: string) => Promise<TableSchema | null>;
  readonly includeRejected?: boolean;
  readonly limit?: number;
  /** Only values published since then, so that only their partitions are read. */
  readonly publishedSince?: Date;
  /** BigQuery refuses a statement that bills more, in bytes. */
  readonly maximumBytesBilled?: number;
}

/** Entries of one list, unless a reader asks for fewer. */
export const MAX_PENDING = 10_000;
/** Entries between two pauses, so that requests to the same process do not wait. */
const ROWS_AT_ONCE = 100;
/** Characters of a value that are read as a sample. */
const SAMPLE_CHARACTERS = 2_000;

/**
 * The changes of some tables that wait for an approval, from the rows themselves and the decisions in `_schema_history`.
 *
 * Equal for every reader at every time: no process keeps the list. Reads `_overflow`, `_attributes`, ids and publish times of the tables.
 * Memory holds one sample for each distinct path, at most `limit` (10,000).
 */
export async function pendingApprovals(
  sql: Sql,
  tables: readonly string[],
  {
    readSchema,
    includeRejected = false,
    limit = MAX_PENDING,
    publishedSince,
    maximumBytesBilled,
  }: PendingOptions,
): Promise<PendingApprovals> {
  const usable = await tablesWithJson(sql, tables, ['_overflow', '_attributes']);
  if (usable.length === 0) return { approvals: [], total: 0 };
  const parameters = publishedSince === undefined ? {} : { published_since: publishedSince };
  const billing = maximumBytesBilled === undefined ? {} : { maximumBytesBilled };
  const query: TablesSelect = {
    columns: {
      table_name: 'STRING',
      path: 'STRING',
      waiting: 'INT64',
      first_seen: 'TIMESTAMP',
      last_seen: 'TIMESTAMP',
      first_id: 'STRING',
      sample_pointer: 'STRING',
      sample_entry: 'STRING',
      sample_attributes: 'JSON',
      days: 'INT64',
    },
    select: (table) => waitingOf(sql, table, publishedSince !== undefined),
    parameters,
    ...billing,
  };
  const decisions = `SELECT table_name, path, kind, changed_at FROM ${sql.name('_schema_history')} WHERE kind IN ('APPROVE_CHANGE', 'REJECT_CHANGE') QUALIFY ROW_NUMBER() OVER (PARTITION BY table_name, path ORDER BY changed_at DESC) = 1`;
  const rows = await withTables(sql, usable, query, (source) =>
    allRows(sql, {
      ...billing,
      // Attributes become text for the listed changes only.
      sql:
        'SELECT * REPLACE (TO_JSON_STRING(sample_attributes) AS sample_attributes) FROM (\n' +
        `SELECT w.*, IF(d.kind = 'REJECT_CHANGE', FORMAT_TIMESTAMP('%FT%TZ', d.changed_at), NULL) AS rejected_at, COUNT(*) OVER () AS total\n` +
        `FROM ${source} AS w LEFT JOIN (${decisions}) AS d ON d.table_name = w.table_name AND d.path = REPLACE(w.path, '/*', '')\n` +
        (includeRejected ? '' : `WHERE d.kind IS NULL OR d.kind != 'REJECT_CHANGE'\n`) +
        `ORDER BY waiting DESC, table_name, path LIMIT ${Math.trunc(limit)}\n) ORDER BY waiting DESC, table_name, path`,
      parameters,
    }),
  );
  const known = new Map<string, KnownTable | null>();
  const approvals: PendingApproval[] = [];
  for (const row of rows) {
    const name = textOf(row, 'table_name');
    let table = known.get(name);
    if (table === undefined) {
      table = await tableOf(readSchema(name));
      known.set(name, table);
    }
    approvals.push(toApproval(row, table));
    if (approvals.length % ROWS_AT_ONCE === 0) await setImmediate();
  }
  const [first] = rows;
  return { approvals, total: first === undefined ? 0 : numberOf(first, 'total') };
}

function toApproval(row: SqlRow, table: KnownTable | null): PendingApproval {
  const entry = textOf(row, 'sample_entry');
  const value = valueOf(entry);
  return {
    path: textOf(row, 'path'),
    ...changeOf(table, textOf(row, 'sample_pointer'), entry),
    ...waitingFields(row),
    sample: redactedText(value),
    warnings: warningsOf(value, textOf(row, 'path'), table?.open.leafCount ?? 0),
  };
}

/** The part of an entry that changes and event types have in common. */
export function waitingFields(
  row: SqlRow,
): Omit<PendingApproval, 'path' | 'kind' | 'type' | 'sample' | 'warnings'> {
  const [firstSeen, lastSeen] = [textOf(row, 'first_seen'), textOf(row, 'last_seen')];
  const values = numberOf(row, 'waiting');
  const hours = Math.max(1, (Date.parse(lastSeen) - Date.parse(firstSeen)) / 3_600_000);
  return {
    table: textOf(row, 'table_name'),
    values,
    valuesPerHour: Math.round((values / hours) * 10) / 10,
    firstMessageId: textOf(row, 'first_id'),
    firstSeen,
    lastSeen,
    days: numberOf(row, 'days'),
    attributes: redactedAttributes(textOrNull(row, 'sample_attributes')),
    rejectedAt: textOrNull(row, 'rejected_at'),
  };
}

/** A table, prepared for all of its entries. */
interface KnownTable {
  readonly schema: TableSchema;
  /** Without verbs: values ask for what they would get. */
  readonly open: CompiledSchema;
}

async function tableOf(read: Promise<TableSchema | null>): Promise<KnownTable | null> {
  const schema = await read;
  return schema === null ? null : { schema, open: compileSchema({ ...schema, ignoresVerbs: true }) };
}

/** The change that a value asks for, as the table is without its verbs. */
function changeOf(
  table: KnownTable | null,
  pointer: string,
  entry: string,
): Pick<PendingApproval, 'kind' | 'type'> {
  if (table === null || entry.length >= SAMPLE_CHARACTERS) return { kind: 'add', type: null };
  const { pending } = refit({ _overflow: `{${JSON.stringify(pointer)}:${entry}}` }, table.open);
  const change = pending.find(({ kind }) => kind !== 'relax');
  if (change?.kind === 'widen') return { kind: 'widen', type: change.to };
  return { kind: 'add', type: change?.kind === 'add' ? leafTypeOf(change.shape) : null };
}

/** The type of the one leaf that a single value adds. */
function leafTypeOf(shape: Shape): string {
  if (shape.type !== 'RECORD') return shape.repeated ? `ARRAY<${shape.type}>` : shape.type;
  const [field] = shape.fields.values();
  return field === undefined ? 'STRUCT' : leafTypeOf(field);
}

function valueOf(entry: string): string {
  const { value, literal } = JSON.parse(cutEntry(entry)) as {
    readonly value?: unknown;
    readonly literal?: string;
  };
  return literal ?? (typeof value === 'string' ? value : JSON.stringify(value ?? null));
}

/** A value that is too long for a sample was cut in SQL and is no JSON any more. */
function cutEntry(entry: string): string {
  return entry.length < SAMPLE_CHARACTERS ? entry : '{"value":"(long)"}';
}

/**
 * Each value is looked up in its row once: the text that the sample needs is made of what was found, and only of values that wait.
 */
function waitingOf(sql: Sql, table: string, isLimited: boolean): string {
  return `SELECT '${table}' AS table_name, path, COUNT(*) AS waiting, MIN(_publish_time) AS first_seen, MAX(_publish_time) AS last_seen,
  MIN_BY(_message_id, _publish_time) AS first_id, MAX_BY(pointer, _publish_time) AS sample_pointer,
  MAX_BY(SUBSTR(TO_JSON_STRING(entry), 1, ${SAMPLE_CHARACTERS}), _publish_time) AS sample_entry,
  MAX_BY(_attributes, _publish_time) AS sample_attributes, COUNT(DISTINCT DATE(_publish_time)) AS days
FROM (
  SELECT _message_id, _publish_time, _attributes, pointer, entry, ${PATH_OF_POINTER} AS path
  FROM (
    SELECT _message_id, _publish_time, _attributes, pointer, _overflow[pointer] AS entry
    FROM (
      SELECT _message_id, _publish_time, _attributes, _overflow, ${POINTER_OF_KEY} AS pointer
      FROM ${sql.name(table)}, UNNEST(JSON_KEYS(_overflow, 1)) AS quoted${isLimited ? '\n      WHERE _publish_time >= @published_since' : ''}
    )
  )
  WHERE JSON_VALUE(entry.reason) = 'AWAITING_APPROVAL'
)
GROUP BY path`;
}
