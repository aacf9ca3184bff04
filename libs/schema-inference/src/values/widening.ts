/** The number types in the order in which a column widens in place, without loss. */
export const WIDENING: readonly ['INT64', 'NUMERIC', 'BIGNUMERIC'] = ['INT64', 'NUMERIC', 'BIGNUMERIC'];
export type WideningType = (typeof WIDENING)[number];

/** True if columns of this type widen in place. */
export function isWidening(type: string): type is WideningType {
  return type === 'INT64' || type === 'NUMERIC' || type === 'BIGNUMERIC';
}

/** Returns the wider of two types of the widening order. */
export function wider(left: WideningType, right: WideningType): WideningType {
  return WIDENING.indexOf(left) >= WIDENING.indexOf(right) ? left : right;
}
