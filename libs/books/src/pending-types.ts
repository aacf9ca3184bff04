import { allRows, type Sql, type SqlRow } from '@pipeline/google-clients';
import {
  MAX_PENDING,
  waitingFields,
  type PendingApproval,
  type PendingApprovals,
} from './pending-approvals.js';
import { redactedText, warningsOf } from './redacted-sample.js';
import { numberOf, textOf } from './sql-row.js';

export interface PendingTypesOptions {
  /** Only this table or event type. */
  readonly name?: string;
  readonly includeRejected?: boolean;
  readonly limit?: number;
  /** Only events published since then, so that only their partitions are read. */
  readonly publishedSince?: Date;
  /** BigQuery refuses a statement that bills more, in bytes. */
  readonly maximumBytesBilled?: number;
}

/** Bytes of an event that are read as a sample. */
const SAMPLE_BYTES = 2_000;
const MAX_SAMPLE_CHARACTERS = 200;

/**
 * The event types that wait for an approval: one entry for each table, however many events ask for it, the most frequent first.
 *
 * Read from `_quarantine` and the decisions in `_schema_history`, so that it is equal for every reader. A type whose table exists is
 * approved. Memory holds one sample for each table, at most `limit` (10,000).
 */
export async function pendingTypes(
  sql: Sql,
  {
    name,
    includeRejected = false,
    limit = MAX_PENDING,
    publishedSince,
    maximumBytesBilled,
  }: PendingTypesOptions = {},
): Promise<PendingApprovals> {
  const named = name === undefined ? '' : ' AND (table_name = @name OR event_type = @name)';
  const since = publishedSince === undefined ? '' : ' AND publish_time >= @published_since';
  const rows = await allRows(sql, {
    ...(maximumBytesBilled === undefined ? {} : { maximumBytesBilled }),
    sql: `WITH held AS (
  SELECT table_name, COUNT(DISTINCT message_id) AS waiting, MIN(publish_time) AS first_seen, MAX(publish_time) AS last_seen,
    MIN_BY(message_id, publish_time) AS first_id, MAX_BY(event_type, publish_time) AS event_type,
    MAX_BY(SUBSTR(data, 1, ${SAMPLE_BYTES}), publish_time) AS sample,
    MAX_BY(TO_JSON_STRING(attributes), publish_time) AS sample_attributes, COUNT(DISTINCT DATE(publish_time)) AS days
  FROM ${sql.name('_quarantine')}
  WHERE reason = 'AWAITING_APPROVAL'${named}${since}
    AND table_name NOT IN (SELECT table_name FROM ${sql.name('INFORMATION_SCHEMA.TABLES')})
  GROUP BY table_name
),
decisions AS (
  SELECT table_name, kind, changed_at FROM ${sql.name('_schema_history')}
  WHERE path IS NULL AND kind IN ('APPROVE_CHANGE', 'REJECT_CHANGE')
  QUALIFY ROW_NUMBER() OVER (PARTITION BY table_name ORDER BY changed_at DESC) = 1
)
SELECT held.*, IF(decisions.kind = 'REJECT_CHANGE', FORMAT_TIMESTAMP('%FT%TZ', decisions.changed_at), NULL) AS rejected_at,
  COUNT(*) OVER () AS total
FROM held LEFT JOIN decisions ON decisions.table_name = held.table_name
${includeRejected ? '' : `WHERE decisions.kind IS NULL OR decisions.kind != 'REJECT_CHANGE'`}
ORDER BY waiting DESC, held.table_name LIMIT ${Math.trunc(limit)}`,
    parameters: {
      ...(name === undefined ? {} : { name }),
      ...(publishedSince === undefined ? {} : { published_since: publishedSince }),
    },
  });
  const [first] = rows;
  return { approvals: rows.map(toApproval), total: first === undefined ? 0 : numberOf(first, 'total') };
}

/** One list of types and changes, types first. */
export function joinPending(
  types: PendingApprovals,
  changes: PendingApprovals,
  limit = MAX_PENDING,
): PendingApprovals {
  const approvals = [...types.approvals, ...changes.approvals].slice(0, limit);
  return { approvals, total: types.total + changes.total };
}

function toApproval(row: SqlRow): PendingApproval {
  const text = Buffer.from(textOf(row, 'sample'), 'base64').toString('utf8');
  return {
    path: '',
    kind: 'type',
    eventType: textOf(row, 'event_type'),
    type: null,
    ...waitingFields(row),
    sample: redactedEvent(text),
    warnings: warningsOf(text, '', 0),
  };
}

/** An event with its keys, and values with letters as `x` and digits as `9`, at most 200 characters. */
export function redactedEvent(text: string): string {
  let redacted: string;
  try {
    redacted = JSON.stringify(JSON.parse(text, redactedLeaf));
  } catch {
    return redactedText(text);
  }
  const cut = Array.from(redacted).slice(0, MAX_SAMPLE_CHARACTERS).join('');
  return cut.length < redacted.length ? `${cut}…` : redacted;
}

function redactedLeaf(_key: string, value: unknown): unknown {
  if (typeof value === 'string') return redactedText(value);
  return typeof value === 'number' ? Number(redactedText(String(value))) : value;
}
