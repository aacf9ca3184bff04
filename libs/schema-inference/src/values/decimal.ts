import { WIDENING, type WideningType } from './widening.js';

/**
 * A decimal number, exactly: ±0.DIGITS × 10^point.
 *
 * `digits` has no zero at either end and is empty for zero, so equal numbers have equal fields (−0 is 0).
 */
export interface Decimal {
  readonly isNegative: boolean;
  readonly digits: string;
  readonly point: number;
}

export type NumericType = WideningType | 'FLOAT64';

const INT64_MAX_DIGITS = '9223372036854775807';
const INT64_MIN_DIGITS = '9223372036854775808';
const UINT64_MAX_DIGITS = '18446744073709551615';
/** No double needs more digits than this to differ from its neighbours. */
const MAX_DOUBLE_DIGITS = 17;

/** Parses a well-formed JSON number literal. Linear in its length. */
export function parseDecimal(literal: string): Decimal {
  const isNegative = literal.charCodeAt(0) === 45;
  const exponentAt = literal.search(/[eE]/);
  const mantissa = literal.slice(isNegative ? 1 : 0, exponentAt < 0 ? undefined : exponentAt);
  const exponent = exponentAt < 0 ? 0 : Number(literal.slice(exponentAt + 1));
  const dotAt = mantissa.indexOf('.');
  const written = dotAt < 0 ? mantissa : mantissa.slice(0, dotAt) + mantissa.slice(dotAt + 1);
  const integerDigits = dotAt < 0 ? mantissa.length : dotAt;

  let from = 0;
  while (from < written.length && written.charCodeAt(from) === 48) from++;
  let to = written.length;
  while (to > from && written.charCodeAt(to - 1) === 48) to--;
  if (from === to) return { isNegative: false, digits: '', point: 0 };
  return { isNegative, digits: written.slice(from, to), point: integerDigits - from + exponent };
}

/** True if the literal is written as an integer, without point and exponent. */
export function isIntegerLiteral(literal: string): boolean {
  return !/[.eE]/.test(literal);
}

/** Returns the narrowest type for a new column with this first number, or null if none holds it exactly. */
export function firstNumberType(literal: string): NumericType | null {
  const decimal = parseDecimal(literal);
  if (isIntegerLiteral(literal) && holdsInt64(decimal)) return 'INT64';
  if (holdsNumeric(decimal)) return 'NUMERIC';
  if (holdsBignumeric(decimal)) return 'BIGNUMERIC';
  return holdsFloat64(decimal) ? 'FLOAT64' : null;
}

/** Returns the narrowest type from `type` upward that holds the number, or null. FLOAT64 widens to nothing. */
export function numericTypeFrom(type: NumericType, decimal: Decimal): NumericType | null {
  if (type === 'FLOAT64') return holdsFloat64(decimal) ? type : null;
  return WIDENING.slice(WIDENING.indexOf(type)).find((wider) => holds(wider, decimal)) ?? null;
}

function holds(type: WideningType, decimal: Decimal): boolean {
  if (type === 'INT64') return holdsInt64(decimal);
  return type === 'NUMERIC' ? holdsNumeric(decimal) : holdsBignumeric(decimal);
}

/** An integer by value (1.0 is 1) within 64 bits. */
export function holdsInt64({ isNegative, digits, point }: Decimal): boolean {
  if (digits.length > point || point > INT64_MAX_DIGITS.length) return digits === '';
  const integer = digits.padEnd(point, '0');
  if (point < INT64_MAX_DIGITS.length) return true;
  return integer <= (isNegative ? INT64_MIN_DIGITS : INT64_MAX_DIGITS);
}

/** An integer by value that BigQuery's JSON type keeps: −2^63 to 2^64 − 1. */
export function holdsJsonInteger(decimal: Decimal): boolean {
  if (holdsInt64(decimal)) return true;
  const { isNegative, digits, point } = decimal;
  if (isNegative || digits.length > point || point > UINT64_MAX_DIGITS.length) return false;
  const integer = digits.padEnd(point, '0');
  return point < UINT64_MAX_DIGITS.length || integer <= UINT64_MAX_DIGITS;
}

/** At most 29 digits before and 9 after the point. */
export function holdsNumeric({ digits, point }: Decimal): boolean {
  return point <= 29 && digits.length - point <= 9;
}

/** At most 38 digits before and 38 after the point: what every BIGNUMERIC holds (its 39th digit is only partly there). */
export function holdsBignumeric({ digits, point }: Decimal): boolean {
  return point <= 38 && digits.length - point <= 38;
}

/** True if the nearest double, written in its shortest form, is the same number. */
export function holdsFloat64(decimal: Decimal): boolean {
  const { digits, point, isNegative } = decimal;
  if (digits.length > MAX_DOUBLE_DIGITS) return false;
  if (digits === '') return true;
  const double = Number(`${isNegative ? '-' : ''}0.${digits}e${point}`);
  if (double === 0 || !Number.isFinite(double)) return false;
  const back = parseDecimal(String(double));
  return back.digits === digits && back.point === point;
}

/**
 * Returns true if BigQuery's JSON type keeps this number: an integer from −2^63 to 2^64 − 1 by value, or a double with the
 * same value. Such an integer is written without point and exponent, so that BigQuery reads it as one.
 * Source: BigQuery JSON type, INT64 and UINT64 ranges, read 2026-11-29.
 */
export function isJsonExact(literal: string): boolean {
  const decimal = parseDecimal(literal);
  return holdsJsonInteger(decimal) || holdsFloat64(decimal);
}

/** Returns plain digits without exponent, `-12.5`; for numbers that BIGNUMERIC or INT64 hold, hence at most 78 characters. */
export function plainText({ isNegative, digits, point }: Decimal): string {
  const sign = isNegative ? '-' : '';
  if (digits === '') return '0';
  if (point >= digits.length) return sign + digits.padEnd(point, '0');
  if (point <= 0) return `${sign}0.${'0'.repeat(-point)}${digits}`;
  return `${sign}${digits.slice(0, point)}.${digits.slice(point)}`;
}

/**
 * Returns a number as text, in one form for all spellings of it: plain digits up to 38 before and after the point, else the
 * shortest form of a double that equals it, else the literal.
 */
export function numberText(literal: string): string {
  const decimal = parseDecimal(literal);
  if (holdsBignumeric(decimal)) return plainText(decimal);
  return holdsFloat64(decimal) ? String(Number(literal)) : literal;
}
