import { isWidening, readNote, wider, type Column, type TableSchema } from '@pipeline/schema-inference';
import type { ContractColumn, TableContract } from '../model/contract.js';
import { typeTextOf } from '../model/type-text.js';
import { eventColumns } from '../odcs/write-contract.js';

/**
 * One difference between a contract and the table as it is. `path` is made of column names.
 *
 * - `missing`: the contract has the column, the table does not: it comes with the first event, or by an approval;
 * - `undeclared`: the table has the column, the contract does not: `contracts propose` writes it down;
 * - `type`: both have it with different types.
 */
export type Difference =
  | { readonly kind: 'missing'; readonly path: readonly string[]; readonly to: string; readonly line: number }
  | { readonly kind: 'undeclared'; readonly path: readonly string[]; readonly from: string }
  | {
      readonly kind: 'type';
      readonly path: readonly string[];
      /** The table's type. */
      readonly from: string;
      /** The contract's type. */
      readonly to: string;
      /** True if the table's column can be widened to the contract's type in place. */
      readonly isWidening: boolean;
      readonly line: number;
    };

/** Compares a contract with its table. Pure; in the contract's order, then what only the table has. */
export function diff(contract: TableContract, schema: TableSchema): readonly Difference[] {
  return compare(contract.columns, eventColumns(schema), { path: [], canWiden: true });
}

interface Place {
  readonly path: readonly string[];
  readonly canWiden: boolean;
}

function compare(
  declared: readonly ContractColumn[],
  columns: readonly Column[],
  { path, canWiden }: Place,
): readonly Difference[] {
  const present = new Map(columns.map((column) => [column.name.toLowerCase(), column]));
  const differences: Difference[] = [];
  for (const wanted of declared) {
    const at = [...path, wanted.name];
    const column = present.get(wanted.name.toLowerCase());
    present.delete(wanted.name.toLowerCase());
    if (column === undefined)
      differences.push({ kind: 'missing', path: at, to: typeTextOf(wanted), line: wanted.line });
    else differences.push(...compareColumn(wanted, column, { path: at, canWiden }));
  }
  for (const column of present.values()) {
    if (readNote(column.description).retired === true) continue;
    differences.push({ kind: 'undeclared', path: [...path, column.name], from: typeTextOf(column) });
  }
  return differences;
}

function compareColumn(
  wanted: ContractColumn,
  column: Column,
  { path, canWiden }: Place,
): readonly Difference[] {
  const [from, to] = [typeTextOf(column), typeTextOf(wanted)];
  const canWidenHere = canWiden && column.mode !== 'REPEATED';
  if (from !== to) {
    const isWide =
      canWidenHere && isWidening(column.type) && isWidening(wanted.type) && wanted.mode !== 'REPEATED';
    const widens = isWide && wider(column.type, wanted.type) === wanted.type;
    return [{ kind: 'type', path, from, to, isWidening: widens, line: wanted.line }];
  }
  return compare(wanted.columns ?? [], column.columns ?? [], { path, canWiden: canWidenHere });
}

/** `items.sku` */
export function pathText(path: readonly string[]): string {
  return path.join('.');
}
