import type { Column } from '@pipeline/schema-inference';

/**
 * A column's type as GoogleSQL writes it.
 *
 * Shape: `{type: 'RECORD', mode: 'REPEATED', columns: [{name: 'a', type: 'INT64'}]}` → ``ARRAY<STRUCT<`a` INT64>>``.
 * Source: GoogleSQL data types, read 2026-11-22.
 */
export function toSqlType(column: Column): string {
  const fields = (column.columns ?? []).map((child) => `${quoteName(child.name)} ${toSqlType(child)}`);
  const type = column.type === 'RECORD' ? `STRUCT<${fields.join(', ')}>` : column.type + parametersOf(column);
  return column.mode === 'REPEATED' ? `ARRAY<${type}>` : type;
}

/** `(3)` of STRING(3), `(5, 2)` of NUMERIC(5, 2); empty for a type without parameters. */
function parametersOf({ maxLength, precision, scale }: Column): string {
  if (maxLength !== undefined) return `(${maxLength})`;
  if (precision === undefined) return '';
  return scale === undefined ? `(${precision})` : `(${precision}, ${scale})`;
}

/** A name in back quotes, for tables, columns and fields. */
export function quoteName(name: string): string {
  return `\`${name.replace(/[\\`]/g, (character) => `\\${character}`)}\``;
}
