import { allRows, type Sql, type SqlParameter, type SqlQuery, type SqlRow } from '@pipeline/google-clients';
import { numberOf, textOf, textOrNull } from './sql-row.js';

/** Conditions on dead letters, all of which hold. Times are those of the dead letter, not of its message. */
export interface DeadLetterFilter {
  readonly since: Date;
  readonly until?: Date;
  readonly reason?: string;
  readonly table?: string;
  /** The type of the event, by its body or by the attribute `event_type`. */
  readonly eventType?: string;
  /** Attributes of the message by name. Names must not hold quotes, backslashes or control characters. */
  readonly attributes?: Readonly<Record<string, string>>;
  readonly messageIds?: readonly string[];
  /** Only dismissed ones, or none of them; both when absent. */
  readonly dismissed?: 'only' | 'exclude';
}

/** Dead letters of one cause: the same table, place and reason. No payload is in it. */
export interface DeadLetterGroup {
  readonly table: string | null;
  readonly eventType: string | null;
  /** Place in the event, if the writer knows it. */
  readonly path: string | null;
  readonly stage: string | null;
  readonly reason: string | null;
  readonly letters: number;
  readonly messages: number;
  readonly firstSeen: string;
  readonly lastSeen: string;
  /** The newest of the group. */
  readonly sampleMessageId: string | null;
  readonly sampleDetail: string | null;
}

/** One dead letter without its payload. */
export interface DeadLetterSummary {
  readonly deadLetteredAt: string;
  readonly messageId: string | null;
  readonly publishedAt: string | null;
  readonly eventType: string | null;
  readonly table: string | null;
  readonly path: string | null;
  readonly stage: string | null;
  readonly reason: string | null;
  readonly detail: string | null;
  readonly attempt: number;
  readonly service: string | null;
}

/** Orders letters by time, those of one moment by their own ids, so that the sample and its detail are of one letter. */
const NEWEST = "CONCAT(LPAD(CAST(UNIX_MICROS(publish_time) AS STRING), 20, '0'), message_id)";

/** The largest groups first. */
export async function deadLetterGroups(sql: Sql, filter: DeadLetterFilter): Promise<DeadLetterGroup[]> {
  const rows = await allRows(sql, {
    sql: `SELECT ${field('table')} AS table_name, ${EVENT_TYPE} AS event_type, ${field('path')} AS path,
  ${field('stage')} AS stage, ${field('reason')} AS reason,
  COUNT(*) AS letters, COUNT(DISTINCT ${field('message_id')}) AS messages,
  MIN(publish_time) AS first_seen, MAX(publish_time) AS last_seen,
  MAX_BY(${field('message_id')}, ${NEWEST}) AS sample_message_id, MAX_BY(${field('detail')}, ${NEWEST}) AS sample_detail
${fromLetters(sql, filter)}
GROUP BY table_name, event_type, path, stage, reason
ORDER BY letters DESC, last_seen DESC, reason, stage, table_name, event_type, path`,
    parameters: parametersOf(filter),
  });
  return rows.map((row) => ({
    table: textOrNull(row, 'table_name'),
    eventType: textOrNull(row, 'event_type'),
    path: textOrNull(row, 'path'),
    stage: textOrNull(row, 'stage'),
    reason: textOrNull(row, 'reason'),
    letters: numberOf(row, 'letters'),
    messages: numberOf(row, 'messages'),
    firstSeen: textOf(row, 'first_seen'),
    lastSeen: textOf(row, 'last_seen'),
    sampleMessageId: textOrNull(row, 'sample_message_id'),
    sampleDetail: textOrNull(row, 'sample_detail'),
  }));
}

/** The newest first. */
export async function listDeadLetters(
  sql: Sql,
  filter: DeadLetterFilter,
  limit: number,
): Promise<DeadLetterSummary[]> {
  const rows = await allRows(sql, {
    sql: `SELECT publish_time AS dead_lettered_at, ${SUMMARY_FIELDS.map((name) => `${name === 'event_type' ? EVENT_TYPE : field(name)} AS \`${name}\``).join(', ')}
${fromLetters(sql, filter)}
ORDER BY dead_lettered_at DESC, message_id LIMIT ${limit}`,
    parameters: parametersOf(filter),
  });
  return rows.map(toSummary);
}

/** Dead letters of one hour or day. */
export interface DeadLetterTime {
  readonly start: string;
  readonly letters: number;
}

/** Counts dead letters over time, the earliest first; hours and days without any are left out. */
export async function deadLetterTrend(
  sql: Sql,
  filter: DeadLetterFilter,
  by: 'HOUR' | 'DAY',
): Promise<DeadLetterTime[]> {
  const rows = await allRows(sql, {
    sql: `SELECT TIMESTAMP_TRUNC(publish_time, ${by}) AS start, COUNT(*) AS letters
${fromLetters(sql, filter)}
GROUP BY start
ORDER BY start`,
    parameters: parametersOf(filter),
  });
  return rows.map((row) => ({ start: textOf(row, 'start'), letters: numberOf(row, 'letters') }));
}

/** Counts the dead letters that a filter names. */
export async function countDeadLetters(sql: Sql, filter: DeadLetterFilter): Promise<number> {
  const [row] = await allRows(sql, {
    sql: `SELECT COUNT(*) AS letters ${fromLetters(sql, filter)}`,
    parameters: parametersOf(filter),
  });
  return numberOf(row, 'letters');
}

/** FROM and WHERE of the dead letters that a filter names. */
export function fromLetters(
  sql: Sql,
  { until, reason, table, eventType, attributes = {}, messageIds, dismissed }: DeadLetterFilter,
): string {
  const conditions = [
    'publish_time >= @letters_since',
    ...(until === undefined ? [] : ['publish_time < @letters_until']),
    ...(reason === undefined ? [] : [`${field('reason')} = @reason`]),
    ...(table === undefined ? [] : [`${field('table')} = @table`]),
    ...(eventType === undefined ? [] : [`${EVENT_TYPE} = @event_type`]),
    ...Object.keys(attributes).map(
      (name, index) => `JSON_VALUE(data, '$.attributes.${quoteMember(name)}') = @attribute_${index}`,
    ),
    ...(messageIds === undefined ? [] : [`${field('message_id')} IN UNNEST(@message_ids)`]),
    ...dismissedCondition(sql, dismissed),
  ];
  return `FROM ${sql.name('_dead_letters')}\nWHERE ${conditions.join(' AND ')}`;
}

function dismissedCondition(sql: Sql, dismissed: DeadLetterFilter['dismissed']): string[] {
  if (dismissed === undefined) return [];
  const id = field('message_id');
  const marked = `(${dismissedIds(sql)})`;
  // A letter without an id cannot be dismissed.
  return dismissed === 'only' ? [`${id} IN ${marked}`] : [`(${id} IS NULL OR ${id} NOT IN ${marked})`];
}

/** A select of the ids whose newest mark dismisses them. */
function dismissedIds(sql: Sql): string {
  return `SELECT message_id FROM ${sql.name('_dismissals')} WHERE dismissed_at >= @letters_since GROUP BY message_id HAVING MAX_BY(dismissed, dismissed_at)`;
}

/** The parameters of `fromLetters`. */
export function parametersOf(filter: DeadLetterFilter): NonNullable<SqlQuery['parameters']> {
  const { since, until, reason, table, eventType, attributes = {}, messageIds } = filter;
  const parameters: Record<string, SqlParameter> = { letters_since: since };
  if (until !== undefined) parameters['letters_until'] = until;
  if (reason !== undefined) parameters['reason'] = reason;
  if (table !== undefined) parameters['table'] = table;
  if (eventType !== undefined) parameters['event_type'] = eventType;
  for (const [index, value] of Object.values(attributes).entries()) parameters[`attribute_${index}`] = value;
  if (messageIds !== undefined) parameters['message_ids'] = messageIds;
  return parameters;
}

/** A member of a JSONPath. Source: GoogleSQL JSON functions, JSONPath format, read 2026-11-29. */
function quoteMember(name: string): string {
  return `"${name.replaceAll("'", "\\'")}"`;
}

/** A text field of a dead letter. */
export function field(name: string): string {
  return `JSON_VALUE(data, '$.${name}')`;
}

/** A rejected body may not name its type; its attribute then says whose it is. */
const EVENT_TYPE = `IFNULL(${field('event_type')}, JSON_VALUE(data, '$.attributes.event_type'))`;

const SUMMARY_FIELDS = [
  'message_id',
  'publish_time',
  'event_type',
  'table',
  'path',
  'stage',
  'reason',
  'detail',
  'attempt',
  'service',
] as const;

function toSummary(row: SqlRow): DeadLetterSummary {
  return {
    deadLetteredAt: textOf(row, 'dead_lettered_at'),
    messageId: textOrNull(row, 'message_id'),
    publishedAt: textOrNull(row, 'publish_time'),
    eventType: textOrNull(row, 'event_type'),
    table: textOrNull(row, 'table'),
    path: textOrNull(row, 'path'),
    stage: textOrNull(row, 'stage'),
    reason: textOrNull(row, 'reason'),
    detail: textOrNull(row, 'detail'),
    attempt: Number(row['attempt'] ?? 1),
    service: textOrNull(row, 'service'),
  };
}
