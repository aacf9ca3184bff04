import { formatDatetime, formatTime, MICROS_PER_DAY } from '../rules/civil-time.js';
import { define } from './define.js';
import { floorDivide, instantOfLocal, localTime, zoneOffset } from './zones.js';

/** Fractions have three digits, or six. */
function shortFraction(text: string): string {
  return text.replace(/(\.\d{3})000$/, '$1');
}

export function timeText(micros: bigint): string {
  return shortFraction(formatTime(micros));
}

export function datetimeText(micros: bigint, separator: string): string {
  return shortFraction(formatDatetime(micros)).replace('T', separator);
}

/** `2026-01-02 03:04:05.678+00`, the offset with minutes only if it has any. */
export function timestampText(micros: bigint, zone: string): string {
  return `${datetimeText(localTime(micros, zone), ' ')}${offsetText(zoneOffset(micros, zone), ':', true)}`;
}

/** `+05`, `+05:30`; with `short` the minutes are left out if they are 0. */
export function offsetText(offset: bigint, separator: string, short: boolean): string {
  const minutes = Number((offset < 0n ? -offset : offset) / 60_000_000n);
  const two = (count: number): string => String(count).padStart(2, '0');
  const rest = minutes % 60;
  const hours = `${offset < 0n ? '-' : '+'}${two(Math.floor(minutes / 60))}`;
  return short && rest === 0 ? hours : `${hours}${separator}${two(rest)}`;
}

function daysOf(year: bigint, month: bigint, day: bigint): number {
  const date = new Date(0);
  date.setUTCFullYear(Number(year), Number(month) - 1, Number(day));
  const exists =
    year >= 1n &&
    year <= 9999n &&
    date.getUTCMonth() === Number(month) - 1 &&
    date.getUTCDate() === Number(day);
  if (!exists) throw new Error(`Input calculates to invalid date: ${year}-${month}-${day}`);
  return date.getTime() / 86_400_000;
}

function timeOf(hour: bigint, minute: bigint, second: bigint): bigint {
  if (hour < 0n || hour > 23n || minute < 0n || minute > 59n || second < 0n || second > 59n)
    throw new Error(`Input calculates to invalid time: ${hour}:${minute}:${second}`);
  return (hour * 3600n + minute * 60n + second) * 1_000_000n;
}

/** Days since 1970 that a local time lies in, and the time of that day. */
export function splitLocal(micros: bigint): { readonly days: number; readonly time: bigint } {
  const days = floorDivide(micros, MICROS_PER_DAY);
  return { days: Number(days), time: micros - days * MICROS_PER_DAY };
}

export const TIME_FUNCTIONS = [
  define('date_of_parts', ['BIGINT', 'BIGINT', 'BIGINT'], 'DATE', daysOf),
  define('time_of_parts', ['BIGINT', 'BIGINT', 'BIGINT'], 'TIME', timeOf),
  define(
    'datetime_of_parts',
    ['BIGINT', 'BIGINT', 'BIGINT', 'BIGINT', 'BIGINT', 'BIGINT'],
    'TIMESTAMP',
    (year, month, day, hour, minute, second) =>
      BigInt(daysOf(year, month, day)) * MICROS_PER_DAY + timeOf(hour, minute, second),
  ),
  define('local_time', ['TIMESTAMPTZ', 'VARCHAR'], 'TIMESTAMP', localTime),
  define('instant', ['TIMESTAMP', 'VARCHAR'], 'TIMESTAMPTZ', instantOfLocal),
];
