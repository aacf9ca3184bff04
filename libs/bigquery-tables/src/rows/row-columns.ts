import { isWidening, wider, type Column } from '@pipeline/schema-inference';
import { columnsByName } from './columns-by-name.js';

/**
 * Returns the wanted columns that are among the known ones, nested fields included, with the narrower type if one was
 * widened.
 *
 * Shape: wanted `{a NUMERIC, b STRING}`, known `{a INT64}` → `{a INT64}`. Names, order and descriptions are those of
 * `wanted`; it is returned itself when all of it is known. A column known with a type or mode that no widening
 * explains counts as not known.
 */
export function commonColumns(wanted: readonly Column[], known: readonly Column[]): readonly Column[] {
  const byName = columnsByName(known);
  const common = wanted.flatMap((column) => commonColumn(column, byName.get(column.name.toLowerCase())));
  const isAll = common.length === wanted.length && common.every((column, index) => column === wanted[index]);
  return isAll ? wanted : common;
}

function commonColumn(wanted: Column, known: Column | undefined): readonly Column[] {
  if (known === undefined || isRepeated(wanted) !== isRepeated(known)) return [];
  if (wanted.columns !== undefined && known.columns !== undefined) {
    const columns = commonColumns(wanted.columns, known.columns);
    if (columns === wanted.columns) return [wanted];
    return columns.length === 0 ? [] : [{ ...wanted, columns }];
  }
  if (wanted.type === known.type) return [wanted];
  if (!isWidening(known.type) || !isWidening(wanted.type)) return [];
  return [wider(known.type, wanted.type) === known.type ? wanted : { ...wanted, type: known.type }];
}

/** True if a column is in both with types or modes that no widening explains: the table was changed by hand. */
export function haveConflict(some: readonly Column[], others: readonly Column[]): boolean {
  const byName = columnsByName(others);
  return some.some((column) => {
    const other = byName.get(column.name.toLowerCase());
    if (other === undefined) return false;
    if (isRepeated(column) !== isRepeated(other)) return true;
    if (column.columns !== undefined && other.columns !== undefined) {
      return haveConflict(column.columns, other.columns);
    }
    return column.type !== other.type && !(isWidening(column.type) && isWidening(other.type));
  });
}

function isRepeated({ mode }: Column): boolean {
  return mode === 'REPEATED';
}
