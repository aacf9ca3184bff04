import type { StoredTable } from '@pipeline/bigquery-tables';
import type { Column } from '@pipeline/schema-inference';

export interface TableSummary {
  readonly table: string;
  /** Leaf columns, the pipeline's own included. */
  readonly columns: number;
  readonly closed: boolean;
}

/** One column or field; `path` joins the names of the records it is in with dots. */
interface ColumnView {
  readonly path: string;
  readonly type: string;
  readonly mode: string;
  readonly description: string | null;
}

export interface TableView {
  readonly table: string;
  readonly closed: boolean;
  readonly columns: readonly ColumnView[];
}

/**
 * A table for people: records and their fields in one flat list.
 *
 * Shape: items RECORD REPEATED (sku STRING) → `[{path: 'items', …}, {path: 'items.sku', …}]`.
 */
export function toTableView({ tableId, schema }: StoredTable): TableView {
  return { table: tableId, closed: schema.closed, columns: flatten(schema.columns, '') };
}

function flatten(columns: readonly Column[], prefix: string): readonly ColumnView[] {
  return columns.flatMap((column) => {
    const path = `${prefix}${column.name}`;
    const { type, mode, description = null } = column;
    return [{ path, type, mode, description }, ...flatten(column.columns ?? [], `${path}.`)];
  });
}
