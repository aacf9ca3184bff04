import { isDeepStrictEqual } from 'node:util';
import type { Sql, SqlRow } from '@pipeline/google-clients';
import {
  compileSchema,
  decodeEvent,
  type CompiledSchema,
  type DecodeOptions,
  type EventTypeSources,
  type TableSchema,
} from '@pipeline/schema-inference';
import { listEventTables } from './event-tables.js';
import { ORDERING_KEY, toAttributes } from './raw-messages.js';
import { rebuildEvent } from './rebuild-event.js';
import { splitByDay, type Span } from './span.js';
import { textOf } from './sql-row.js';

/**
 * A value of the archive that its row does not give back. No value is in it.
 *
 * `changed`: another value; `missing`: none; `invented`: the row has what the event has not; `not-an-event`: there is a
 * row of bytes that are no event. `pointer` is of the event, or the name of a pipeline's column.
 */
export interface AlteredValue {
  readonly table: string;
  readonly messageId: string;
  readonly pointer: string;
  readonly problem: 'changed' | 'missing' | 'invented' | 'not-an-event';
}

export interface DeepAudit {
  readonly rows: number;
  readonly leaves: number;
  /** Must be 0. */
  readonly altered: number;
  /** The first ones, up to the limit. */
  readonly values: readonly AlteredValue[];
}

export interface DeepAuditOptions {
  readonly span: Span;
  readonly readSchema: (table: string) => Promise<TableSchema | null>;
  readonly tables?: readonly string[];
  readonly limit?: number;
  /** Places of the event type, as the services have them; the library's default if absent. */
  readonly eventTypeFrom?: EventTypeSources;
  /** Called after every thousand rows. */
  readonly onProgress?: (rows: number, table: string) => void;
  readonly signal?: AbortSignal;
}

const DEFAULT_LIMIT = 100;
const PROGRESS_ROWS = 1_000;

/**
 * Rebuilds every leaf of every event of a span from its row and hold it against the archive.
 *
 * Reads payloads: the bytes are those of the archive and of the tables for the span. Memory holds one page of rows.
 */
export async function deepAudit(sql: Sql, options: DeepAuditOptions): Promise<DeepAudit> {
  const { eventTypeFrom } = options;
  const decoding = eventTypeFrom === undefined ? {} : { eventTypeFrom };
  const tally = { rows: 0, leaves: 0, altered: 0, values: [] as AlteredValue[] };
  for (const table of options.tables ?? (await listEventTables(sql))) {
    const schema = await options.readSchema(table);
    if (schema === null) continue;
    const names = aliasesFor(schema);
    const compiled = compileSchema(schema);
    for (const day of splitByDay(options.span)) {
      for await (const row of sql.rows(pairsQuery(sql, table, day, names))) {
        if (options.signal?.aborted === true) return tally;
        const check = checkRow(table, row, compiled, names, decoding);
        tally.rows++;
        tally.leaves += check.leaves;
        tally.altered += check.altered.length;
        const room = (options.limit ?? DEFAULT_LIMIT) - tally.values.length;
        if (room > 0) tally.values.push(...check.altered.slice(0, room));
        if (tally.rows % PROGRESS_ROWS === 0) options.onProgress?.(tally.rows, table);
      }
    }
  }
  return tally;
}

/** Bytes that the deep audit of a span reads, by dry runs, which are free. */
export async function estimateDeepAudit(
  sql: Sql,
  { span, tables, readSchema }: Pick<DeepAuditOptions, 'span' | 'tables' | 'readSchema'>,
): Promise<number> {
  let bytes = 0;
  for (const table of tables ?? (await listEventTables(sql))) {
    const schema = await readSchema(table);
    if (schema === null) continue;
    const names = aliasesFor(schema);
    for (const day of splitByDay(span)) bytes += await sql.estimateBytes(pairsQuery(sql, table, day, names));
  }
  return bytes;
}

/** Names for the archive's columns that no column of the table has. */
interface Aliases {
  readonly data: string;
  readonly attributes: string;
  readonly publishTime: string;
}

function aliasesFor({ columns }: TableSchema): Aliases {
  const taken = new Set(columns.map(({ name }) => name.toLowerCase()));
  const free = (wanted: string): string => {
    let name = wanted;
    while (taken.has(name)) name = `${name}_`;
    return name;
  };
  return {
    data: free('raw_data'),
    attributes: free('raw_attributes'),
    publishTime: free('raw_publish_time'),
  };
}

function pairsQuery(
  sql: Sql,
  table: string,
  span: Span,
  names: Aliases,
): { readonly sql: string; readonly parameters: Record<string, Date> } {
  return {
    sql: `SELECT received.data AS ${names.data}, received.attributes AS ${names.attributes},
  received.publish_time AS ${names.publishTime}, stored.*
FROM (
  SELECT message_id, publish_time, data, attributes FROM ${sql.archiveName('_raw_events')}
  WHERE publish_time >= @span_from AND publish_time < @span_to
  QUALIFY ROW_NUMBER() OVER (PARTITION BY message_id ORDER BY publish_time) = 1
) AS received
JOIN ${sql.name(table)} AS stored ON stored._message_id = received.message_id
WHERE stored._publish_time >= @span_from`,
    parameters: { span_from: span.from, span_to: span.to },
  };
}

function checkRow(
  table: string,
  row: SqlRow,
  compiled: CompiledSchema,
  names: Aliases,
  decoding: DecodeOptions,
): { readonly leaves: number; readonly altered: readonly AlteredValue[] } {
  const messageId = textOf(row, '_message_id');
  const problemAt = (pointer: string, problem: AlteredValue['problem']): AlteredValue => ({
    table,
    messageId,
    pointer,
    problem,
  });
  const {
    [names.data]: data,
    [names.attributes]: attributes,
    [names.publishTime]: publishedAt,
    ...stored
  } = row;
  const source = {
    data: Buffer.from(typeof data === 'string' ? data : '', 'base64'),
    attributes: toAttributes(attributes),
  };
  const decoded = decodeEvent(source, decoding);
  if (decoded.kind === 'rejected') return { leaves: 0, altered: [problemAt('', 'not-an-event')] };
  const { event } = decoded;
  const altered: AlteredValue[] = [];
  if (toMillisecond(stored['_publish_time']) !== toMillisecond(publishedAt))
    altered.push(problemAt('_publish_time', 'changed'));
  if (stored['_event_type'] !== event.eventType) altered.push(problemAt('_event_type', 'changed'));
  if (!isSameAttributes(stored['_attributes'], event.attributesText))
    altered.push(problemAt('_attributes', 'changed'));
  const rebuilt = rebuildEvent(event, stored, compiled);
  for (const leaf of rebuilt) {
    if (leaf.kind === 'same') continue;
    altered.push(problemAt(leaf.kind === 'invented' ? leaf.found.pointer : leaf.leaf.pointer, leaf.kind));
  }
  return { leaves: rebuilt.length, altered };
}

/** Pub/Sub gives publish times to the millisecond; a missing digit is a zero. */
function toMillisecond(time: unknown): number | null {
  return typeof time === 'string' ? Date.parse(time) : null;
}

const REPLAY_PREFIX = 'pipeline_';

/**
 * A replay adds attributes of its own. The archive keeps a message's ordering key among the attributes as `orderingKey`, and
 * so hides an attribute of that name: it cannot be compared.
 */
function isSameAttributes(stored: unknown, original: string): boolean {
  return isDeepStrictEqual(
    ownAttributes(typeof stored === 'string' ? stored : '{}'),
    ownAttributes(original === '' ? '{}' : original),
  );
}

function ownAttributes(json: string): Map<string, unknown> {
  const attributes = JSON.parse(json) as Readonly<Record<string, unknown>> | null;
  const isOwn = (name: string): boolean => name !== ORDERING_KEY && !name.startsWith(REPLAY_PREFIX);
  return new Map(Object.entries(attributes ?? {}).filter(([name]) => isOwn(name)));
}
