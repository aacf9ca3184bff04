import type { Column } from '../schema/column.js';
import { setOwn, type JsonValue } from '../values/row.js';
import { valueOf } from './explain.js';
import { isRebuilt } from './rebuild-event.js';

type RowValues = Readonly<Record<string, JsonValue>>;

/**
 * Returns the value of every column: the fitted one, and what rebuilding the event could not read as it was.
 *
 * Rebuilding skips fields whose key is known by its hash only and fields of types that no event value has, at any depth.
 * Shape: fitted `{r: {a: 1}}`, row `{r: {raw: 'YQ=='}}` → `{r: {a: 1, raw: 'YQ=='}}`. Null for a column without a value.
 */
export function keepUnread(
  columns: readonly Column[],
  fitted: RowValues,
  row: RowValues,
): Record<string, JsonValue> {
  const kept: Record<string, JsonValue> = {};
  for (const column of columns) {
    setOwn<JsonValue>(kept, column.name, keepIn(column, valueOf(fitted, column), valueOf(row, column)));
  }
  return kept;
}

function keepIn(column: Column, fitted: JsonValue, before: JsonValue): JsonValue {
  if (!isRebuilt(column)) return fitted ?? before;
  if (column.columns === undefined || before === null || !hasUnread(column.columns)) return fitted;
  if (column.mode !== 'REPEATED') return keepInRecord(column.columns, fitted, before);
  if (!Array.isArray(before)) return fitted;
  const elements: readonly JsonValue[] = Array.isArray(fitted) ? (fitted as readonly JsonValue[]) : [];
  const kept = (before as readonly JsonValue[]).map((element, index) =>
    keepInRecord(column.columns ?? [], elements[index] ?? null, element),
  );
  return fitted === null && kept.every((element) => element === null)
    ? null
    : [...kept.map((element) => element ?? {}), ...elements.slice(kept.length)];
}

function keepInRecord(columns: readonly Column[], fitted: JsonValue, before: JsonValue): JsonValue {
  const kept = Object.entries(keepUnread(columns, recordOf(fitted), recordOf(before))).filter(
    ([, value]) => value !== null,
  );
  return kept.length === 0 ? fitted : Object.fromEntries(kept);
}

function hasUnread(columns: readonly Column[]): boolean {
  return columns.some((column) => !isRebuilt(column) || hasUnread(column.columns ?? []));
}

function recordOf(value: JsonValue): RowValues {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as RowValues) : {};
}
