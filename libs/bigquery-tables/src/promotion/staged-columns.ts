import type { Column, JsonValue } from '@pipeline/schema-inference';
import { valueOf } from './row-text.js';

/** A column of an event table and the name that it has in the staging table. */
export interface StagedColumn {
  /** `c0`, `c1`, …: free of the names of events, and a table without `_message_id` is no event table. */
  readonly stagedAs: string;
  readonly column: Column;
}

/** The columns of a staging table that identify the copies to change. */
export const KEY_COLUMNS: readonly Column[] = [
  { name: 'message_id', type: 'STRING', mode: 'NULLABLE' },
  { name: 'publish_time', type: 'TIMESTAMP', mode: 'NULLABLE' },
  { name: 'revision', type: 'INT64', mode: 'NULLABLE' },
  { name: 'fingerprint', type: 'INT64', mode: 'NULLABLE' },
];
const OVERFLOW: Column = { name: 'overflow', type: 'JSON', mode: 'NULLABLE' };

/**
 * The copies of one message that have the same content, and their new content.
 *
 * `fingerprint` is of the overflow as it was read: copies of one revision can differ if their writers knew different columns.
 */
export interface StagedRow {
  readonly messageId: string;
  /** RFC 3339 in UTC with microseconds. */
  readonly publishTime: string;
  readonly revision: number;
  readonly fingerprint: JsonValue;
  /** The new values of the event's columns and of `_overflow`; a value that is missing is null. */
  readonly next: Readonly<Record<string, JsonValue>>;
}

/** Names the columns of the event table whose value changes in any of the rows. */
export function stagedColumns(
  columns: readonly Column[],
  changed: ReadonlySet<string>,
): readonly StagedColumn[] {
  return columns
    .filter(({ name }) => changed.has(name))
    .map((column, index) => ({ stagedAs: `c${index}`, column }));
}

/** The schema of the staging table: no parameters, which the column of the event table checks, and no REQUIRED fields. */
export function stagingColumns(staged: readonly StagedColumn[]): readonly Column[] {
  return [...KEY_COLUMNS, OVERFLOW, ...staged.map(({ stagedAs, column }) => plain(column, stagedAs))];
}

/** The values of a staged row by staging column. */
export function stagingRow(
  { messageId, publishTime, revision, fingerprint, next }: StagedRow,
  staged: readonly StagedColumn[],
): Readonly<Record<string, JsonValue>> {
  return {
    message_id: messageId,
    publish_time: publishTime,
    revision,
    fingerprint,
    overflow: next['_overflow'] ?? null,
    ...Object.fromEntries(staged.map(({ stagedAs, column: { name } }) => [stagedAs, valueOf(next, name)])),
  };
}

function plain({ type, mode, columns, name }: Column, stagedAs: string = name): Column {
  return {
    name: stagedAs,
    type,
    mode: mode === 'REPEATED' ? 'REPEATED' : 'NULLABLE',
    ...(columns === undefined ? {} : { columns: columns.map((column) => plain(column)) }),
  };
}

/** Names the columns whose value differs; `null`, `[]`, `{}` and missing are equal, except as elements of an array. */
export function changedColumns(
  columns: readonly Column[],
  before: Readonly<Record<string, JsonValue>>,
  after: Readonly<Record<string, JsonValue>>,
): readonly string[] {
  return columns
    .map(({ name }) => name)
    .filter((name) => canonical(valueOf(before, name)) !== canonical(valueOf(after, name)));
}

function canonical(value: JsonValue): string {
  return JSON.stringify(withoutEmpty(value));
}

function withoutEmpty(value: JsonValue): JsonValue {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) {
    const elements = (value as readonly JsonValue[]).map((element) => withoutEmpty(element) ?? {});
    return elements.length === 0 ? null : elements;
  }
  const fields = Object.entries(value)
    .map(([name, field]) => [name, withoutEmpty(field)] as const)
    .filter(([, field]) => field !== null)
    .sort(([left], [right]) => (left < right ? -1 : 1));
  return fields.length === 0 ? null : Object.fromEntries(fields);
}
