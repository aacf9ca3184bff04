/** Returned instead of a length for a value that does not fit or proves nothing. Sums with it stay negative. */
export const NO_LENGTH = -1e12;

/** Integers below this have at most 15 digits: a double holds each, and no other literal of 15 digits is the same. */
const FIFTEEN_DIGITS = 1e15;
const MAX_EXACT_CHARACTERS = 16;

/**
 * Returns the length of the shortest literal of this number if no other literal is as short, or NO_LENGTH.
 *
 * Two literals of at most 15 significant digits that give the same double are the same number, so a literal of just
 * this length is exact. Numbers that an exponent would make shorter (1000, 0.001) have none, because a text with such a
 * literal could hide other characters; neither has −0. The caller then scans the text.
 */
export function shortestNumberLength(value: number): number {
  if (Number.isInteger(value)) return shortestIntegerLength(value);
  const length = hundredthsLength(value);
  return length > 0 ? length : shortestTextLength(value);
}

/** The same for a number with one or two digits after the point, as most amounts are; 0 for any other. */
export function hundredthsLength(value: number): number {
  const hundredths = Math.round(value * 100);
  if (hundredths / 100 !== value || hundredths >= FIFTEEN_DIGITS || hundredths <= -FIFTEEN_DIGITS) return 0;
  const integer = Math.trunc(value);
  if (integer === value) return 0;
  const sign = value < 0 && integer === 0 ? 1 : 0;
  // Not a remainder: V8 calls C for the remainder of doubles, which costs more than all the rest of this.
  const hasOneDigit = Math.round(value * 10) / 10 === value;
  return sign + integerLength(integer) + (hasOneDigit ? 2 : 3);
}

function shortestIntegerLength(value: number): number {
  if (value === 0) return Object.is(value, -0) ? NO_LENGTH : 1;
  if (value >= FIFTEEN_DIGITS || value <= -FIFTEEN_DIGITS) return NO_LENGTH;
  const isThousands = (value | 0) === value ? (value | 0) % 1000 === 0 : value % 1000 === 0;
  return isThousands ? NO_LENGTH : integerLength(value);
}

/** Digits and sign of an integer below 15 digits. */
function integerLength(value: number): number {
  const size = value < 0 ? -value : value;
  const sign = value < 0 ? 1 : 0;
  if (size < 10_000) return sign + (size < 100 ? (size < 10 ? 1 : 2) : size < 1_000 ? 3 : 4);
  let length = 5;
  for (let bound = 100_000; bound <= size; bound *= 10) length++;
  return sign + length;
}

function shortestTextLength(value: number): number {
  const size = Math.abs(value);
  if (size < 0.01 || size >= FIFTEEN_DIGITS) return NO_LENGTH;
  const { length } = String(value);
  return length > MAX_EXACT_CHARACTERS ? NO_LENGTH : length;
}

/** True if the number, of at most 15 digits, has at most nine after the point. */
export function hasNumericScale(value: number): boolean {
  const hundredths = Math.round(value * 100);
  if (hundredths / 100 === value) return Math.abs(hundredths) < FIFTEEN_DIGITS;
  const size = Math.abs(value);
  if (size >= FIFTEEN_DIGITS || size < 1e-6) return false;
  const text = String(value);
  const pointAt = text.indexOf('.');
  return pointAt < 0 || text.length - pointAt <= 10;
}
