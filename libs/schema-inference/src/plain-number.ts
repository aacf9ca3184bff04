/** Not the length of anything: what a walk gives back for a value that is not plain. Sums with it stay negative. */
export const NOT_PLAIN = -1e12;

/** Integers below this have at most 15 digits: a double holds each, and no other literal of 15 digits is the same. */
const FIFTEEN_DIGITS = 1e15;
const MAX_PLAIN_CHARACTERS = 16;

/**
 * The length of the only way to write this number so shortly, or NOT_PLAIN.
 *
 * Two literals of at most 15 significant digits that give the same double are the same number, so a literal of just
 * this length is exact. Numbers that an exponent would make shorter (1000, 0.001) are not plain, because a text with
 * such a literal could hide other characters; nor is −0. The caller then looks at the text itself.
 */
export function plainNumberLength(value: number): number {
  if (Number.isInteger(value)) return plainIntegerLength(value);
  const hundredths = Math.round(value * 100);
  const isHundredths = hundredths / 100 === value && Math.abs(hundredths) < FIFTEEN_DIGITS;
  if (!isHundredths) return plainTextLength(value);
  const sign = value < 0 && value > -1 ? 1 : 0;
  return sign + integerLength(Math.trunc(value)) + (hundredths % 10 === 0 ? 2 : 3);
}

function plainIntegerLength(value: number): number {
  if (value === 0) return Object.is(value, -0) ? NOT_PLAIN : 1;
  const isExact = value < FIFTEEN_DIGITS && value > -FIFTEEN_DIGITS;
  return isExact && value % 1000 !== 0 ? integerLength(value) : NOT_PLAIN;
}

/** Digits and sign of an integer below 15 digits. */
function integerLength(value: number): number {
  let length = 1;
  let rest = value;
  if (rest < 0) {
    length = 2;
    rest = -rest;
  }
  for (let bound = 10; bound <= rest; bound *= 10) length++;
  return length;
}

function plainTextLength(value: number): number {
  const size = Math.abs(value);
  if (size < 0.01 || size >= FIFTEEN_DIGITS) return NOT_PLAIN;
  const { length } = String(value);
  return length > MAX_PLAIN_CHARACTERS ? NOT_PLAIN : length;
}

/** Has the number, one of at most 15 digits, at most nine after the point? */
export function hasNumericScale(value: number): boolean {
  const hundredths = Math.round(value * 100);
  if (hundredths / 100 === value) return Math.abs(hundredths) < FIFTEEN_DIGITS;
  const size = Math.abs(value);
  if (size >= FIFTEEN_DIGITS || size < 1e-6) return false;
  const text = String(value);
  const pointAt = text.indexOf('.');
  return pointAt < 0 || text.length - pointAt <= 10;
}
