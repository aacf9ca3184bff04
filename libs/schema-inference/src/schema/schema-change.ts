import type { WideningType } from '../values/widening.js';
import type { Shape } from './shape.js';

/**
 * A change that one event needs. `path` holds event keys from the table's root down, without array indexes.
 *
 * - `add`: a column (or nested field) for the last key of the path, as `shape` describes it;
 * - `widen`: the column of the path to a wider number type;
 * - `relax`: the REQUIRED column `name` of the record that the path leads to becomes NULLABLE.
 */
export type SchemaChange =
  | { readonly kind: 'add'; readonly path: readonly string[]; readonly shape: Shape }
  | { readonly kind: 'widen'; readonly path: readonly string[]; readonly to: WideningType }
  | { readonly kind: 'relax'; readonly path: readonly string[]; readonly name: string };
