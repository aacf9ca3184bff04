/** Types that a decimal of a file may become. */
export const DECIMAL_TARGETS = ['NUMERIC', 'BIGNUMERIC', 'STRING'] as const;
export type DecimalTarget = (typeof DECIMAL_TARGETS)[number];

/** Digits before and after the point that a type holds for certain. */
const DIGITS = { NUMERIC: { whole: 29, scale: 9 }, BIGNUMERIC: { whole: 38, scale: 38 } } as const;

/**
 * The type of a decimal: the first of NUMERIC, BIGNUMERIC, STRING that is allowed and holds its precision and scale, else
 * the widest that is allowed.
 *
 * Source: cloud.google.com/bigquery/docs/reference/rest/v2/Job (decimalTargetTypes), read 2026-11-29.
 */
export function decimalTarget(
  { precision, scale }: { readonly precision: number; readonly scale: number },
  allowed: readonly DecimalTarget[],
): DecimalTarget {
  const ordered = DECIMAL_TARGETS.filter((target) => allowed.includes(target));
  const holds = (target: DecimalTarget): boolean =>
    target === 'STRING' || (precision - scale <= DIGITS[target].whole && scale <= DIGITS[target].scale);
  return ordered.find(holds) ?? ordered.at(-1) ?? 'NUMERIC';
}
