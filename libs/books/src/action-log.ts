import { allRows, type Sql, type SqlRow } from '@pipeline/google-clients';
import type { Column } from '@pipeline/schema-inference';
import { textOf, textOrNull } from './sql-row.js';

export const ACTIONS_TABLE = '_actions';

/**
 * The columns of `_actions`: what people did in the console. Rows are only added: one before an action begins (`intent`), one after
 * it (`outcome`), so an action that was cut off is an intent without an outcome. Partitioned by day of
 * `recorded_at` (test/contracts/tables/actions.json).
 */
export const ACTIONS_COLUMNS: readonly Column[] = [
  { name: 'action_id', type: 'STRING', mode: 'REQUIRED' },
  { name: 'entry', type: 'STRING', mode: 'REQUIRED' },
  { name: 'kind', type: 'STRING', mode: 'REQUIRED' },
  { name: 'actor', type: 'STRING', mode: 'REQUIRED' },
  { name: 'role', type: 'STRING', mode: 'REQUIRED' },
  { name: 'input', type: 'JSON', mode: 'NULLABLE' },
  { name: 'preview', type: 'JSON', mode: 'NULLABLE' },
  { name: 'outcome', type: 'STRING', mode: 'NULLABLE' },
  { name: 'result', type: 'JSON', mode: 'NULLABLE' },
  { name: 'detail', type: 'STRING', mode: 'NULLABLE' },
  { name: 'recorded_at', type: 'TIMESTAMP', mode: 'REQUIRED' },
];

/** `interrupted`: the person stopped it, or the service ended. */
export type ActionOutcome = 'completed' | 'failed' | 'interrupted';

/** The author of an action. */
export interface ActionAuthor {
  readonly actionId: string;
  /** For example `replay`. */
  readonly kind: string;
  readonly actor: string;
  readonly role: string;
}

/** An action about to begin: its choices, and the preview that the person confirmed. */
export interface ActionIntent extends ActionAuthor {
  readonly input: object;
  readonly preview: object;
  readonly at: Date;
}

/** The end of an action. */
export interface ActionEnd extends ActionAuthor {
  readonly outcome: ActionOutcome;
  readonly result: object | null;
  /** The reason of a failure. */
  readonly detail: string | null;
  readonly at: Date;
}

/** One action of the log; `outcome` is null while it runs, and for ever if it was cut off. */
export interface LoggedAction {
  readonly actionId: string;
  readonly kind: string;
  readonly actor: string;
  readonly role: string;
  /** JSON text. */
  readonly input: string;
  /** JSON text. */
  readonly preview: string;
  readonly startedAt: string;
  readonly endedAt: string | null;
  readonly outcome: ActionOutcome | null;
  /** JSON text. */
  readonly result: string | null;
  readonly detail: string | null;
}

/** Writes the row of an action before it begins. @throws CloudError; the action must not begin then */
export async function recordIntent(sql: Sql, { input, preview, at, ...author }: ActionIntent): Promise<void> {
  await sql.execute({
    sql: `INSERT INTO ${sql.name(ACTIONS_TABLE)} (action_id, entry, kind, actor, role, input, preview, recorded_at)
VALUES (@action_id, 'intent', @kind, @actor, @role, PARSE_JSON(@input), PARSE_JSON(@preview), @at)`,
    parameters: { ...authorOf(author), input: JSON.stringify(input), preview: JSON.stringify(preview), at },
    tableId: ACTIONS_TABLE,
  });
}

/** Writes the row of an action after it ended. @throws CloudError */
export async function recordOutcome(
  sql: Sql,
  { outcome, result, detail, at, ...author }: ActionEnd,
): Promise<void> {
  await sql.execute({
    sql: `INSERT INTO ${sql.name(ACTIONS_TABLE)} (action_id, entry, kind, actor, role, outcome, result, detail, recorded_at)
VALUES (@action_id, 'outcome', @kind, @actor, @role, @outcome, PARSE_JSON(@result), NULLIF(@detail, ''), @at)`,
    parameters: {
      ...authorOf(author),
      outcome,
      result: JSON.stringify(result),
      detail: detail ?? '',
      at,
    },
    tableId: ACTIONS_TABLE,
  });
}

function authorOf({ actionId, kind, actor, role }: ActionAuthor): Record<string, string> {
  return { action_id: actionId, kind, actor, role };
}

/** The actions that began since an instant, the newest first. */
export async function listActions(sql: Sql, since: Date, limit: number): Promise<LoggedAction[]> {
  const table = sql.name(ACTIONS_TABLE);
  const rows = await allRows(sql, {
    sql: `SELECT i.action_id AS action_id, i.kind AS kind, i.actor AS actor, i.role AS role,
  TO_JSON_STRING(i.input) AS input, TO_JSON_STRING(i.preview) AS preview, i.recorded_at AS started_at,
  o.recorded_at AS ended_at, o.outcome AS outcome, TO_JSON_STRING(o.result) AS result, o.detail AS detail
FROM (SELECT * FROM ${table} WHERE entry = 'intent' AND recorded_at >= @since) AS i
LEFT JOIN (SELECT * FROM ${table} WHERE entry = 'outcome' AND recorded_at >= @since) AS o ON o.action_id = i.action_id
ORDER BY started_at DESC, action_id LIMIT ${Math.trunc(limit)}`,
    parameters: { since },
    tableId: ACTIONS_TABLE,
  });
  return rows.map(toLogged);
}

function toLogged(row: SqlRow): LoggedAction {
  const outcome = textOrNull(row, 'outcome');
  const result = textOrNull(row, 'result');
  return {
    actionId: textOf(row, 'action_id'),
    kind: textOf(row, 'kind'),
    actor: textOf(row, 'actor'),
    role: textOf(row, 'role'),
    input: textOf(row, 'input'),
    preview: textOf(row, 'preview'),
    startedAt: textOf(row, 'started_at'),
    endedAt: textOrNull(row, 'ended_at'),
    // Only this library writes the table.
    outcome: outcome as ActionOutcome | null,
    result: result === 'null' ? null : result,
    detail: textOrNull(row, 'detail'),
  };
}
