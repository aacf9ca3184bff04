import {
  columnName,
  isPipelineColumn,
  readNote,
  type Column,
  type TableSchema,
} from '@pipeline/schema-inference';

/** An event key whose column was retyped: its columns, and the one name under which readers see them. */
export interface RetypedColumn {
  readonly key: string;
  /** The name of the column before it was retyped; the active column gets it in the end. */
  readonly name: string;
  /** The column that takes values of events. */
  readonly active: Column;
  /** The columns it replaced that still exist, the newest first. */
  readonly retired: readonly Column[];
}

const VERSION = /__v\d+$/;
const SET_ASIDE = /__retired\d*$/;

/**
 * Returns the retyped columns of a table whose retype has not ended: a retired column exists, or the active one has a version
 * in its name.
 *
 * Shape: `price` (`"retired":true`) and `price__v2` (`"key":"price"`) → `{key: 'price', name: 'price', active: price__v2, …}`.
 * If another column has the name, the active column keeps its own. Top-level columns only, since those are what a retype replaces.
 */
export function retypedColumns({ columns }: TableSchema): readonly RetypedColumn[] {
  const own = columns.filter(({ name }) => !isPipelineColumn(name));
  const actives = own.filter((column) => !isRetired(column) && keyOf(column) !== null);
  return actives.flatMap((active) => {
    const key = keyOf(active) ?? '';
    const retired = own.filter((column) => isRetired(column) && keyOf(column) === key).reverse();
    const before = nameBefore(active);
    const isForeign = own.some(
      (column) => isSameName(column.name, before) && column !== active && !retired.includes(column),
    );
    const name = isForeign ? active.name : before;
    return retired.length === 0 && name === active.name ? [] : [{ key, name, active, retired }];
  });
}

/** `price__v2` → `price` if a retype gave the column its name; any other name as it is. */
export function nameBefore(column: Column): string {
  const { key } = readNote(column.description);
  const isVersion = key !== undefined && VERSION.test(column.name) && !isOwnNameOf(column, key);
  return isVersion ? column.name.replace(VERSION, '') : column.name;
}

/** True for a retired column that has given its name up, so that no writer can find it. */
export function isSetAside(column: Column, key: string): boolean {
  return SET_ASIDE.test(column.name) && !isOwnNameOf(column, key);
}

/** `price` → `price__retired`, or the next such name that no column has. */
export function setAsideName(schema: TableSchema, name: string): string {
  return firstFree(schema, (index) => `${name}__retired${index === 0 ? '' : index + 1}`);
}

/** `price` → `price__v2`, or the next version that no column has. */
export function versionName(schema: TableSchema, name: string): string {
  return firstFree(schema, (index) => `${name}__v${index + 2}`);
}

/** The event key of a column; null if only its hash is known. */
export function keyOf({ name, description }: Column): string | null {
  const { key, keySha256 } = readNote(description);
  return key ?? (keySha256 === undefined ? name : null);
}

export function isRetired({ description }: Column): boolean {
  return readNote(description).retired === true;
}

/** BigQuery compares names without case. */
export function isSameName(left: string, right: string): boolean {
  return left.toLowerCase() === right.toLowerCase();
}

function isOwnNameOf({ name }: Column, key: string): boolean {
  return columnName(key, () => false) === name;
}

function firstFree({ columns }: TableSchema, nameAt: (index: number) => string): string {
  for (let index = 0; ; index++) {
    const name = nameAt(index);
    if (!columns.some((column) => isSameName(column.name, name))) return name;
  }
}
