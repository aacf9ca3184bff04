const DATE = /^(\d{4})-(\d{1,2})-(\d{1,2})$/;
const TIME = /^(\d{1,2}):(\d{1,2}):(\d{1,2})(?:\.(\d{1,9}))?$/;
const DATE_AND_TIME = /^(\d{4}-\d{1,2}-\d{1,2})(?:[ Tt](\d{1,2}:\d{1,2}:\d{1,2}(?:\.\d{1,9})?))?$/;
const ZONED =
  /^(\d{4}-\d{1,2}-\d{1,2})(?:[ Tt](\d{1,2}:\d{1,2}:\d{1,2}(?:\.\d{1,9})?))?\s*(Z|z|UTC|GMT|[+-]\d{1,2}(?::?\d{2})?)?$/;

const MICROS_PER_SECOND = 1_000_000n;
export const MICROS_PER_DAY = 86_400n * MICROS_PER_SECOND;
const MIN_TIMESTAMP = -62_135_596_800n * MICROS_PER_SECOND;
const MAX_TIMESTAMP = 253_402_300_800n * MICROS_PER_SECOND - 1n;

/** Days since 1970-01-01 of `YYYY-[M]M-[D]D`; `undefined` for anything else or a day that does not exist. */
export function parseDate(text: string): number | undefined {
  const match = DATE.exec(text);
  if (match === null) return undefined;
  const [year, month, day] = [Number(match[1]), Number(match[2]), Number(match[3])];
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  const exists = year >= 1 && date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
  return exists ? date.getTime() / 86_400_000 : undefined;
}

/** Microseconds since midnight of `H:M:S[.F]`; digits beyond six are cut off. */
export function parseTime(text: string): bigint | undefined {
  const match = TIME.exec(text);
  if (match === null) return undefined;
  const [hours, minutes, seconds] = [Number(match[1]), Number(match[2]), Number(match[3])];
  if (hours > 23 || minutes > 59 || seconds > 59) return undefined;
  const micros = BigInt((match[4] ?? '').slice(0, 6).padEnd(6, '0'));
  return BigInt(hours * 3600 + minutes * 60 + seconds) * MICROS_PER_SECOND + micros;
}

/** Microseconds since 1970-01-01T00:00:00 of a date and time without zone. */
export function parseDatetime(text: string): bigint | undefined {
  const match = DATE_AND_TIME.exec(text);
  return match === null ? undefined : joinParts(match[1], match[2]);
}

/** Microseconds since the epoch of a date, a time (optional) and a zone (`Z`, `UTC`, `±hh[:mm]`; none is UTC). */
export function parseTimestamp(text: string): bigint | undefined {
  const match = ZONED.exec(text.trim());
  if (match === null) return undefined;
  const local = joinParts(match[1], match[2]);
  const offset = parseOffset(match[3]);
  if (local === undefined || offset === undefined) return undefined;
  return inTimestampRange(local - offset);
}

/** Microseconds of a number of seconds, as insertAll takes timestamps; `undefined` outside years 1–9999. */
export function timestampOfSeconds(scaledMicros: bigint): bigint | undefined {
  return inTimestampRange(scaledMicros);
}

function inTimestampRange(micros: bigint): bigint | undefined {
  return micros < MIN_TIMESTAMP || micros > MAX_TIMESTAMP ? undefined : micros;
}

function joinParts(date: string | undefined, time: string | undefined): bigint | undefined {
  const days = parseDate(date ?? '');
  const micros = time === undefined ? 0n : parseTime(time);
  return days === undefined || micros === undefined ? undefined : BigInt(days) * MICROS_PER_DAY + micros;
}

function parseOffset(zone: string | undefined): bigint | undefined {
  const match = /^([+-])(\d{1,2})(?::?(\d{2}))?$/.exec(zone ?? '');
  if (match === null) return 0n;
  const [hours, minutes] = [Number(match[2]), Number(match[3] ?? '0')];
  if (hours > 23 || minutes > 59) return undefined;
  const micros = BigInt(hours * 3600 + minutes * 60) * MICROS_PER_SECOND;
  return match[1] === '-' ? -micros : micros;
}

/** `YYYY-MM-DD` of days since the epoch. */
export function formatDate(days: number): string {
  const date = new Date(days * 86_400_000);
  const year = String(date.getUTCFullYear()).padStart(4, '0');
  return `${year}-${date.toISOString().slice(-19, -14)}`;
}

/** `HH:MM:SS[.ffffff]` of microseconds since midnight. */
export function formatTime(micros: bigint): string {
  const seconds = Number(micros / MICROS_PER_SECOND);
  const parts = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  const fraction = micros % MICROS_PER_SECOND;
  const text = parts.map((part) => String(part).padStart(2, '0')).join(':');
  return fraction === 0n ? text : `${text}.${fraction.toString().padStart(6, '0')}`;
}

/** `YYYY-MM-DDTHH:MM:SS[.ffffff]` of microseconds since the epoch. */
export function formatDatetime(micros: bigint): string {
  const days = floorDivide(micros, MICROS_PER_DAY);
  return `${formatDate(Number(days))}T${formatTime(micros - days * MICROS_PER_DAY)}`;
}

function floorDivide(dividend: bigint, divisor: bigint): bigint {
  const quotient = dividend / divisor;
  return dividend < 0n && quotient * divisor !== dividend ? quotient - 1n : quotient;
}
