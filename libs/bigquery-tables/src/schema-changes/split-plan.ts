import type { Column } from '@pipeline/schema-inference';
import { columnsByName } from '../rows/columns-by-name.js';

/** A planned schema in the two steps that BigQuery needs: a patch that adds and relaxes, then DDL that widens. */
export interface SplitPlan {
  /** The whole schema for the patch: every new column, every old type. */
  readonly patchColumns: readonly Column[];
  /** Top-level columns with the types they are to have after the patch; empty when nothing widens. */
  readonly widened: readonly Column[];
}

/**
 * Separates the changes of a patch from those that only DDL makes.
 *
 * Shape: a INT64 → a NUMERIC, b STRING gives a patch to a INT64, b STRING and the widened column a NUMERIC.
 * Source: BigQuery "modifying table schemas": the API never changes a type, read 2026-11-22.
 */
export function splitPlan(before: readonly Column[], after: readonly Column[]): SplitPlan {
  return {
    patchColumns: keepTypes(before, after),
    widened: widenedColumns(before, after),
  };
}

function keepTypes(before: readonly Column[], after: readonly Column[]): readonly Column[] {
  const columnsBefore = columnsByName(before);
  return after.map((column) => {
    const old = columnsBefore.get(column.name.toLowerCase());
    if (old === undefined) {
      return column;
    }
    return column.columns === undefined
      ? { ...column, type: old.type }
      : { ...column, columns: keepTypes(old.columns ?? [], column.columns) };
  });
}

function widenedColumns(before: readonly Column[], after: readonly Column[]): readonly Column[] {
  const columnsBefore = columnsByName(before);
  return after.filter((column) => {
    const old = columnsBefore.get(column.name.toLowerCase());
    return old !== undefined && hasOtherType(old, column);
  });
}

function hasOtherType(old: Column, column: Column): boolean {
  return (
    old.type !== column.type ||
    (column.columns !== undefined && widenedColumns(old.columns ?? [], column.columns).length > 0)
  );
}
