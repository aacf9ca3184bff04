import { DATE_IN_RANGE, DATETIME_IN_RANGE, readDateText, TIMESTAMP_IN_RANGE } from '../values/date-text.js';
import { VALUE_FORMS, type ValueForm } from '../schema/value-form.js';

const DATE_LENGTH = 10;
const SECONDS_LENGTH = 19;
/** Longer texts, with more than six fraction digits, are left to the parser. */
const LONGEST = 35;

/** True if the bytes between two quotes have the syntax of the date column and are in range, by the rules of `readDateText`. */
export function matchDate(bytes: Uint8Array, from: number, to: number, form: ValueForm): boolean {
  const length = to - from;
  if (form < VALUE_FORMS.DATE || form > VALUE_FORMS.TIMESTAMP || length < DATE_LENGTH || length > LONGEST)
    return false;
  const isUsual = isUsualDay(bytes, from);
  if (form === VALUE_FORMS.DATE && isUsual) return length === DATE_LENGTH;
  const isZulu = length === SECONDS_LENGTH + 1 && bytes[to - 1] === 90;
  if (form === VALUE_FORMS.TIMESTAMP && isUsual && isZulu) return isTime(bytes, from + DATE_LENGTH);
  return isOther(bytes, from, to, form);
}

/** Reads any other form as text. */
function isOther(bytes: Uint8Array, from: number, to: number, form: ValueForm): boolean {
  const date = readDateText(String.fromCharCode(...bytes.subarray(from, to)));
  if (form === VALUE_FORMS.DATE) return date === DATE_IN_RANGE;
  return date === (form === VALUE_FORMS.DATETIME ? DATETIME_IN_RANGE : TIMESTAMP_IN_RANGE);
}

/** Two decimal digits as a number, or a negative one. */
function twoDigits(bytes: Uint8Array, at: number): number {
  const tens = (bytes[at] as number) - 48;
  const ones = (bytes[at + 1] as number) - 48;
  return (tens | ones | (9 - tens) | (9 - ones)) < 0 ? -1 : tens * 10 + ones;
}

/** `YYYY-MM-DD` of a year from 1000, not after the 28th: a real date whatever the month. */
function isUsualDay(bytes: Uint8Array, at: number): boolean {
  const month = twoDigits(bytes, at + 5);
  const day = twoDigits(bytes, at + 8);
  const isYear = twoDigits(bytes, at) >= 10 && twoDigits(bytes, at + 2) >= 0;
  return (
    isYear &&
    bytes[at + 4] === 45 &&
    bytes[at + 7] === 45 &&
    month >= 1 &&
    month <= 12 &&
    day >= 1 &&
    day <= 28
  );
}

/** `Thh:mm:ss`. */
function isTime(bytes: Uint8Array, at: number): boolean {
  if (bytes[at] !== 84 || bytes[at + 3] !== 58 || bytes[at + 6] !== 58) return false;
  const hour = twoDigits(bytes, at + 1);
  const minute = twoDigits(bytes, at + 4);
  const second = twoDigits(bytes, at + 7);
  return (hour | minute | second | (23 - hour) | (59 - minute) | (59 - second)) >= 0;
}
