import type { DuckDBValue } from '@duckdb/node-api';
import { define, defineVariadic, type Interval } from './define.js';

function intervalOf(value: DuckDBValue | undefined): Interval | undefined {
  if (typeof value !== 'object' || value === null || !('months' in value)) return undefined;
  const { months, days, micros } = value as unknown as Interval;
  return { months, days, micros };
}

/** `1-2 3 4:5:6.7`, each part with a sign of its own. */
export function intervalText({ months, days, micros }: Interval): string {
  const year = `${months < 0 ? '-' : ''}${Math.floor(Math.abs(months) / 12)}-${Math.abs(months) % 12}`;
  const size = micros < 0n ? -micros : micros;
  const seconds = size / 1_000_000n;
  const fraction = (size % 1_000_000n)
    .toString()
    .padStart(6, '0')
    .replace(/(000)$/, '');
  const clock = `${seconds / 3600n}:${(seconds / 60n) % 60n}:${seconds % 60n}`;
  return `${year} ${days} ${micros < 0n ? '-' : ''}${clock}${size % 1_000_000n === 0n ? '' : `.${fraction}`}`;
}

const PARTS = ['YEAR', 'MONTH', 'DAY', 'HOUR', 'MINUTE', 'SECOND'];

function clockMicros(hours: string, minutes: string, seconds: string): bigint {
  const [whole = '0', fraction = ''] = seconds.split('.');
  return (
    (BigInt(hours) * 3600n + BigInt(minutes) * 60n + BigInt(whole === '' ? '0' : whole)) * 1_000_000n +
    BigInt(fraction.slice(0, 6).padEnd(6, '0'))
  );
}

/** `INTERVAL '1-2 3' YEAR TO DAY`: the text holds the parts from the first to the last. */
function parseParts(text: string, from: string, to: string): Interval {
  const fail = (): Error => new Error(`Invalid INTERVAL value '${text}'`);
  const [first, last] = [PARTS.indexOf(from), PARTS.indexOf(to === '' ? from : to)];
  if (first < 0 || last < first) throw fail();
  const wanted = (part: string): boolean => {
    const place = PARTS.indexOf(part);
    return place >= first && place <= last;
  };
  const dates = wanted('YEAR')
    ? wanted('MONTH')
      ? '([+-]?)(\\d+)-(\\d+)'
      : '([+-]?)(\\d+)'
    : wanted('MONTH')
      ? '([+-]?)()(\\d+)'
      : '';
  const days = wanted('DAY') ? '([+-]?\\d+)' : '';
  const clock = ['HOUR', 'MINUTE', 'SECOND'].filter(wanted);
  const clocks =
    clock.length === 0
      ? ''
      : `([+-]?)${clock.map((part) => (part === 'SECOND' ? '(\\d*(?:\\.\\d*)?)' : '(\\d+)')).join(':')}`;
  const pattern = new RegExp(`^${[dates, days, clocks].filter((part) => part !== '').join('\\s+')}$`);
  const match = pattern.exec(text.trim());
  if (match === null) throw fail();
  const groups = match.slice(1);
  const dateGroups =
    dates === '' ? [] : groups.splice(0, dates.includes('-(') || dates.includes('()') ? 3 : 2);
  const months = Number(dateGroups[1] ?? 0) * 12 + Number(dateGroups[2] ?? 0);
  const dayCount = days === '' ? 0 : Number(groups.shift());
  const sign = clocks === '' ? '' : (groups.shift() ?? '');
  const byPart = new Map(clock.map((part, index) => [part, groups[index] ?? '0']));
  const micros = clockMicros(
    byPart.get('HOUR') ?? '0',
    byPart.get('MINUTE') ?? '0',
    byPart.get('SECOND') ?? '0',
  );
  return {
    months: dateGroups[0] === '-' ? -months : months,
    days: dayCount,
    micros: sign === '-' ? -micros : micros,
  };
}

function part({ months, days, micros }: Interval, name: string): bigint {
  switch (name) {
    case 'YEAR':
      return BigInt(Math.trunc(months / 12));
    case 'MONTH':
      return BigInt(months % 12);
    case 'DAY':
      return BigInt(days);
    case 'HOUR':
      return micros / 3_600_000_000n;
    case 'MINUTE':
      return (micros / 60_000_000n) % 60n;
    case 'SECOND':
      return (micros / 1_000_000n) % 60n;
    case 'MILLISECOND':
      return (micros % 1_000_000n) / 1000n;
    case 'MICROSECOND':
      return micros % 1_000_000n;
    default:
      throw new Error(`EXTRACT from INTERVAL does not support the ${name} date part`);
  }
}

const DAY = 86_400_000_000n;

function justify(interval: Interval, what: string): Interval {
  let { months, days, micros } = interval;
  if (what !== 'DAYS') {
    days += Number(micros / DAY);
    micros %= DAY;
    if (days > 0 && micros < 0n) [days, micros] = [days - 1, micros + DAY];
    else if (days < 0 && micros > 0n) [days, micros] = [days + 1, micros - DAY];
  }
  if (what !== 'HOURS') {
    months += Math.trunc(days / 30);
    days %= 30;
    if (months > 0 && days < 0) [months, days] = [months - 1, days + 30];
    else if (months < 0 && days > 0) [months, days] = [months + 1, days - 30];
  }
  return { months, days, micros };
}

export const INTERVAL_FUNCTIONS = [
  define('interval_parts', ['VARCHAR', 'VARCHAR', 'VARCHAR'], 'INTERVAL', parseParts),
  define('parse_interval', ['VARCHAR'], 'INTERVAL', (text) => parseParts(text, 'YEAR', 'SECOND')),
  defineVariadic('interval_text', [], 'VARCHAR', (_fixed, [value]) => {
    const interval = intervalOf(value);
    return interval === undefined ? null : intervalText(interval);
  }),
  defineVariadic('interval_divide', [], 'INTERVAL', (_fixed, [value, by]) => {
    const interval = intervalOf(value);
    if (interval === undefined || typeof by !== 'bigint') return null;
    if (by === 0n) throw new Error('division by zero: INTERVAL / 0');
    const months = Math.trunc(interval.months / Number(by));
    const days = interval.days + (interval.months % Number(by)) * 30;
    const micros = interval.micros + BigInt(days % Number(by)) * DAY;
    return { months, days: Math.trunc(days / Number(by)), micros: micros / by };
  }),
  defineVariadic('interval_part', [], 'BIGINT', (_fixed, [value, name]) => {
    const interval = intervalOf(value);
    return interval === undefined ? null : part(interval, String(name));
  }),
  defineVariadic('justify', [], 'INTERVAL', (_fixed, [value, what]) => {
    const interval = intervalOf(value);
    return interval === undefined ? null : justify(interval, String(what));
  }),
  define('datetime_interval', ['TIMESTAMP', 'TIMESTAMP'], 'INTERVAL', (later, earlier) => {
    const micros = later - earlier;
    return { months: 0, days: Number(micros / DAY), micros: micros % DAY };
  }),
];
