import type { SqlRow } from '@pipeline/google-clients';
import type { JsonValue } from '@pipeline/schema-inference';

/** The value of a column, null if the row has none. A column may be called `constructor`, which every object inherits. */
export function valueOf(row: Readonly<Record<string, JsonValue>>, name: string): JsonValue {
  return (Object.hasOwn(row, name) ? row[name] : null) ?? null;
}

/** The text of a column that is a STRING, DATE or TIMESTAMP; empty if the row has none. */
export function textOf(row: SqlRow, name: string): string {
  const value = row[name];
  return typeof value === 'string' ? value : '';
}
