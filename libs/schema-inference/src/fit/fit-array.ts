import { fitScalar, type ScalarFit, type ScalarType } from './fit-scalar.js';
import type { ArrayNode } from '../values/json-tree.js';
import { OVERFLOW_REASONS, type OverflowReason } from './overflow.js';
import type { JsonValue } from '../values/row.js';
import { wider, type WideningType } from '../values/widening.js';

/**
 * Compares an array with a REPEATED column of a scalar type: all of it fits, or none of it.
 *
 * Returns `wider` if every element would fit a wider column, and the first of several reasons in the closed order.
 */
export function fitScalarArray(node: ArrayNode, column: ScalarType): ScalarFit {
  if (!node.isUnicode) return { kind: 'never', reason: 'NOT_UNICODE' };
  if (column.type !== 'JSON') {
    const reason = unevenness(node);
    if (reason !== null) return { kind: 'never', reason };
  }
  const values: JsonValue[] = [];
  let widest: WideningType | null = null;
  let worst: OverflowReason | null = null;
  for (const element of node.elements) {
    const fit = fitScalar(element, column);
    if (fit.kind === 'fits') values.push(fit.value);
    else if (fit.kind === 'never') worst = firstReason(worst, fit.reason);
    else widest = widest === null ? fit.to : wider(widest, fit.to);
  }
  if (worst !== null)
    return { kind: 'never', reason: widest === null ? worst : firstReason(worst, 'NOT_WIDENABLE') };
  return widest === null ? { kind: 'fits', value: values } : { kind: 'wider', to: widest };
}

/** MIXED_ARRAY, NULL_IN_ARRAY or an array or object among the scalars, in this order. */
function unevenness(node: ArrayNode): OverflowReason | null {
  let kind: string | null = null;
  let hasNull = false;
  let hasComposite = false;
  for (const element of node.elements) {
    if (element.kind === 'null') hasNull = true;
    else if (element.kind === 'array' || element.kind === 'object') hasComposite = true;
    else if (kind === null) kind = element.kind;
    else if (kind !== element.kind) return 'MIXED_ARRAY';
  }
  if (hasNull) return 'NULL_IN_ARRAY';
  return hasComposite ? 'TYPE_CONFLICT' : null;
}

/** The one of two reasons that comes first in the closed set's order. */
export function firstReason(left: OverflowReason | null, right: OverflowReason): OverflowReason {
  if (left === null) return right;
  return OVERFLOW_REASONS.indexOf(left) <= OVERFLOW_REASONS.indexOf(right) ? left : right;
}
