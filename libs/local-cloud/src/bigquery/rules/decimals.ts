const DECIMAL = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,4}))?$/;

/** Digits after the point that NUMERIC and BIGNUMERIC keep. */
export const NUMERIC_SCALE = 9;
export const BIGNUMERIC_SCALE = 38;
const NUMERIC_MAX = 10n ** 38n - 1n;
const BIGNUMERIC_MAX = 2n ** 255n - 1n;
const BIGNUMERIC_MIN = -(2n ** 255n);

/**
 * A decimal literal as an integer scaled by `10^scale`, rounded half away from zero.
 *
 * Shape: `("1.25", 9)` → `1250000000n`. `undefined` when the text is no number.
 */
export function parseScaled(text: string, scale: number): bigint | undefined {
  const match = DECIMAL.exec(text.trim());
  if (match === null) return undefined;
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = match;
  if (whole === '' && fraction === '') return undefined;
  const shift = Number(exponent) - fraction.length + scale;
  const digits = BigInt(whole + fraction);
  const scaled = shift >= 0 ? digits * 10n ** BigInt(shift) : roundedDivide(digits, 10n ** BigInt(-shift));
  return sign === '-' ? -scaled : scaled;
}

function roundedDivide(dividend: bigint, divisor: bigint): bigint {
  return (dividend + divisor / 2n) / divisor;
}

/** A scaled integer as shortest decimal text: `(1250000000n, 9)` → `"1.25"`. */
export function formatScaled(value: bigint, scale: number): string {
  const negative = value < 0n;
  const digits = (negative ? -value : value).toString().padStart(scale + 1, '0');
  const whole = digits.slice(0, digits.length - scale);
  const fraction = digits.slice(digits.length - scale).replace(/0+$/, '');
  return `${negative ? '-' : ''}${whole}${fraction === '' ? '' : `.${fraction}`}`;
}

/**
 * NUMERIC as an integer scaled by 10^9; `undefined` when it is no number or out of range.
 * Range: 29 digits before and 9 after the point. Source: GoogleSQL data types, read 2026-11-22.
 */
export function parseNumeric(text: string): bigint | undefined {
  const scaled = parseScaled(text, NUMERIC_SCALE);
  return scaled === undefined || scaled > NUMERIC_MAX || scaled < -NUMERIC_MAX ? undefined : scaled;
}

/** BIGNUMERIC as an integer scaled by 10^38, within 256 bits; `undefined` as for {@link parseNumeric}. */
export function parseBignumeric(text: string): bigint | undefined {
  const scaled = parseScaled(text, BIGNUMERIC_SCALE);
  return scaled === undefined || scaled > BIGNUMERIC_MAX || scaled < BIGNUMERIC_MIN ? undefined : scaled;
}
