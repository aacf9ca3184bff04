import { allRows, type Sql } from '@pipeline/google-clients';
import { compileSchema, refit, type SchemaChange } from '@pipeline/schema-inference';
import { textOf } from '../promotion/row-text.js';
import type { Claim } from '../schema-changes/claims.js';
import type { StoredTable } from '../schema-changes/table-store.port.js';
import { keysOf, restrictChange } from './change-path.js';

/** The part of the SQL client that approvals use. */
export type ApprovalSql = Pick<Sql, 'name' | 'rows' | 'execute'>;

const STATEMENT_TIMEOUT_MS = 300_000;
const WAITS = `STRPOS(TO_JSON_STRING(_overflow), '"reason":"AWAITING_') > 0`;
/** Distinct changes kept; an approval of more is repeated. */
const MAX_CHANGES = 10_000;

/** Selects the waiting values of a table, by its quoted name, the oldest first. */
export function claimsQuery(name: string): string {
  return `SELECT _message_id, TO_JSON_STRING(_overflow) AS overflow FROM ${name} WHERE ${WAITS} ORDER BY _publish_time`;
}

/** Counts equal waiting values of a table, by its quoted name. */
export function countQuery(name: string): string {
  return `SELECT TO_JSON_STRING(_overflow) AS overflow, COUNT(*) AS copies FROM ${name} WHERE ${WAITS} GROUP BY overflow`;
}

/**
 * The changes that stored values at or below a path wait for, with the first message of each.
 *
 * Reads `_overflow` and ids of the rows that wait, no other column. Memory holds the distinct changes.
 */
export async function waitingClaims(
  sql: ApprovalSql,
  { tableId, schema }: Pick<StoredTable, 'tableId' | 'schema'>,
  path: string,
): Promise<readonly Claim[]> {
  const compiled = compileSchema({ ...schema, ignoresVerbs: true });
  const keys = keysOf(path);
  const claims = new Map<string, Claim>();
  const query = {
    sql: claimsQuery(sql.name(tableId)),
    tableId,
    timeoutMs: STATEMENT_TIMEOUT_MS,
  };
  for await (const row of sql.rows(query)) {
    const { pending } = refit({ _overflow: textOf(row, 'overflow') }, compiled);
    for (const change of pending) {
      const restricted = restrictChange(change, keys);
      if (restricted === null || claims.size >= MAX_CHANGES) continue;
      const key = keyOf(restricted);
      if (!claims.has(key)) claims.set(key, { messageId: textOf(row, '_message_id'), pending: [restricted] });
    }
  }
  return [...claims.values()];
}

function keyOf(change: SchemaChange): string {
  return JSON.stringify(change, (_key, value: unknown) => (value instanceof Map ? [...value] : value));
}

/** Counts the values at or below a path that wait for a column or an approval. */
export async function countWaiting(sql: ApprovalSql, tableId: string, path: string): Promise<number> {
  const rows = await allRows(sql, {
    sql: countQuery(sql.name(tableId)),
    tableId,
    timeoutMs: STATEMENT_TIMEOUT_MS,
  });
  const keys = keysOf(path);
  return rows.reduce((sum, row) => sum + waitingIn(textOf(row, 'overflow'), keys) * Number(row['copies']), 0);
}

function waitingIn(overflow: string, keys: readonly string[]): number {
  const entries = Object.entries(
    JSON.parse(overflow) as Readonly<Record<string, { readonly reason?: string }>>,
  );
  return entries.filter(([pointer, { reason }]) => {
    const own = keysOf(pointer);
    return reason?.startsWith('AWAITING_') === true && keys.every((key, index) => own[index] === key);
  }).length;
}
