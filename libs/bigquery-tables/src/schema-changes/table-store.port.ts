import type { Column, TableSchema } from '@pipeline/schema-inference';

/**
 * One column as the API writes it, with whatever else it has there (policy tags, a default value, a precision) that
 * a patch must give back unchanged.
 */
export interface FieldResource {
  readonly name: string;
  readonly type: string;
  readonly mode?: string;
  readonly description?: string;
  readonly fields?: readonly FieldResource[];
  readonly [other: string]: unknown;
}

/** A table as BigQuery reports it. `etag` changes with every change of its metadata; `fields` is its schema untouched. */
export interface StoredTable {
  readonly tableId: string;
  /** `TABLE`, `VIEW`, `MATERIALIZED_VIEW`, `EXTERNAL`, `SNAPSHOT`, as BigQuery names it. */
  readonly kind: string;
  readonly etag: string;
  /** `lastModifiedTime`, in milliseconds. */
  readonly version: number;
  readonly createdAtMs: number;
  /** Bytes of its rows without those in the streaming buffer; the local cloud counts none. */
  readonly bytes: number;
  readonly isPartitioned: boolean;
  readonly description: string;
  readonly schema: TableSchema;
  readonly fields: readonly FieldResource[];
  readonly labels: Readonly<Record<string, string>>;
}

/**
 * A table to make: partitioned by day on `partitionBy`, clustered by `clusterBy` (at most four columns, may be empty).
 * Labels: at most 64, lower case. Source: BigQuery partitioned and clustered tables, labels, read 2026-11-22.
 */
export interface NewTable {
  readonly tableId: string;
  readonly columns: readonly Column[];
  readonly partitionBy: string;
  readonly clusterBy: readonly string[];
  readonly labels: Readonly<Record<string, string>>;
  readonly description: string;
}

/** `exists` is normal if several processes see the same new event type at once: read the table instead. */
export type CreateOutcome =
  { readonly kind: 'created'; readonly table: StoredTable } | { readonly kind: 'exists' };

/**
 * `stale`: the table changed since it was read; `missing`: it was deleted; `refused`: BigQuery refuses the schema for this
 * table, which is also the sign of a lost race ("already exists"). Read and plan again.
 */
export type ChangeOutcome =
  | { readonly kind: 'changed'; readonly table: StoredTable }
  | { readonly kind: 'stale' }
  | { readonly kind: 'missing' }
  | { readonly kind: 'refused'; readonly message: string };

/** A table or view as a list of the dataset shows it. */
export interface ListedTable {
  readonly tableId: string;
  readonly isView: boolean;
  readonly createdAtMs: number;
}

/**
 * Table metadata of one dataset. Implementations throw `CloudError` for everything that is not an outcome.
 */
export interface TableStore {
  /** Reads the dataset. @throws CloudError with disposition `setup` that names the missing resource or role */
  checkDataset(): Promise<void>;
  /** @returns null if the table does not exist. @throws CloudError `DATASET_NOT_FOUND` if the dataset does not exist */
  read(tableId: string): Promise<StoredTable | null>;
  create(table: NewTable): Promise<CreateOutcome>;
  /**
   * Replaces the whole schema, only while the table still has the etag it was read with. Adds columns and fields,
   * relaxes modes and closes; never changes a type. Fields that are not in `schema` stay as they were read.
   * @param description the table's own, if that changes too
   */
  patchSchema(table: StoredTable, schema: TableSchema, description?: string): Promise<ChangeOutcome>;
  /**
   * Gives top-level columns the types they have in `columns` (a RECORD with every field restated) by one DDL statement.
   * It has no etag, so a lost race is `refused`.
   */
  changeTypes(tableId: string, columns: readonly Column[]): Promise<ChangeOutcome>;
  /** Takes a column out of the clustering of a table, if it is part of it. Blocks are sorted again as BigQuery sees fit. */
  removeClustering(tableId: string, column: string): Promise<void>;
  /** Lists the tables and views of the dataset. */
  listTables(): Promise<readonly ListedTable[]>;
  /** Sets labels of a table and keeps its others. @returns false if the table does not exist */
  setLabels(tableId: string, labels: Readonly<Record<string, string>>): Promise<boolean>;
  /**
   * Returns the query of a view; null if it does not exist.
   * @throws CloudError `INVALID` if the name belongs to a table
   */
  readView(viewId: string): Promise<string | null>;
  /** Replaces the query of a view, with which BigQuery reports its columns again. @returns false if it does not exist */
  replaceView(view: { readonly viewId: string; readonly query: string }): Promise<boolean>;
  /** Creates the view `viewId`; an existing one stays as it is. */
  createView(view: { readonly viewId: string; readonly query: string }): Promise<CreateOutcome>;
}

export const TABLE_STORE = Symbol('TABLE_STORE');
