import type { Column } from '@pipeline/schema-inference';

/** One column of a table, nested ones by their dotted path. */
export interface ColumnLine {
  readonly path: string;
  readonly type: string;
  readonly mode: string;
  readonly description: string | null;
}

/** Every column, a record before its fields. */
export function columnLines(columns: readonly Column[], above = ''): ColumnLine[] {
  return columns.flatMap((column) => {
    const path = `${above}${column.name}`;
    const { type, mode, description = null } = column;
    return [{ path, type, mode, description }, ...columnLines(column.columns ?? [], `${path}.`)];
  });
}
