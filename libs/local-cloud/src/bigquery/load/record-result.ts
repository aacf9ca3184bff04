import type { Cell } from '../rules/cell.js';

/** A record of a file: cells in the order of the table's columns, or why it is none. */
export type RecordResult =
  | { readonly kind: 'row'; readonly cells: readonly Cell[] }
  | { readonly kind: 'bad'; readonly message: string };
