import { MICROS_PER_DAY, parseDate, parseTime } from '../rules/civil-time.js';

const MICROS_PER_MILLISECOND = 1000n;
const formats = new Map<string, Intl.DateTimeFormat>();

function formatOf(zone: string): Intl.DateTimeFormat {
  const known = formats.get(zone);
  if (known !== undefined) return known;
  try {
    const format = new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      calendar: 'gregory',
      numberingSystem: 'latn',
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
      era: 'short',
    });
    formats.set(zone, format);
    return format;
  } catch {
    throw new Error(`Invalid time zone: ${zone}`);
  }
}

const FIXED = /^(?:UTC)?([+-])(\d{1,2})(?::?(\d{2}))?$/;

/** Microseconds that clocks in a zone are ahead of UTC at an instant. Errors: `Invalid time zone`. */
export function zoneOffset(micros: bigint, zone: string): bigint {
  if (zone === 'UTC' || zone === 'Z' || zone === 'z' || zone === 'GMT') return 0n;
  const fixed = FIXED.exec(zone);
  if (fixed !== null) {
    const [, sign, hours = '0', minutes = '0'] = fixed;
    if (Number(hours) > 14 || Number(minutes) > 59) throw new Error(`Invalid time zone: ${zone}`);
    const size = BigInt(Number(hours) * 3600 + Number(minutes) * 60) * 1_000_000n;
    return sign === '-' ? -size : size;
  }
  if (/^[+-]|^\d/.test(zone)) throw new Error(`Invalid time zone: ${zone}`);
  const milliseconds = floorDivide(micros, MICROS_PER_MILLISECOND);
  const parts = new Map(
    formatOf(zone)
      .formatToParts(Number(milliseconds))
      .map(({ type, value }) => [type, value]),
  );
  const part = (type: Intl.DateTimeFormatPartTypes): number => Number(parts.get(type) ?? 0);
  const year = parts.get('era') === 'BC' ? 1 - part('year') : part('year');
  const shown = new Date(0);
  shown.setUTCFullYear(year, part('month') - 1, part('day'));
  shown.setUTCHours(part('hour'), part('minute'), part('second'));
  return (BigInt(shown.getTime()) - floorDivide(milliseconds, 1000n) * 1000n) * MICROS_PER_MILLISECOND;
}

export function floorDivide(dividend: bigint, divisor: bigint): bigint {
  const quotient = dividend / divisor;
  return dividend % divisor < 0n ? quotient - 1n : quotient;
}

/** The local time of an instant in a zone, in microseconds as if it were UTC. */
export function localTime(micros: bigint, zone: string): bigint {
  return micros + zoneOffset(micros, zone);
}

/** The instant at which clocks in a zone show a time; the first of two, and the moment of a change inside a gap. */
export function instantOfLocal(local: bigint, zone: string): bigint {
  const before = local - zoneOffset(local - MICROS_PER_DAY, zone);
  const after = local - zoneOffset(local + MICROS_PER_DAY, zone);
  if (localTime(before, zone) === local) return before;
  return localTime(after, zone) === local ? after : before;
}

const TEXT =
  /^(\d{4}-\d{1,2}-\d{1,2})(?:[ Tt](\d{1,2}:\d{1,2}:\d{1,2}(?:\.\d{1,9})?)?)?\s?(Z|z|[+-]\d{1,2}(?::?\d{2})?|[A-Za-z][A-Za-z_]*(?:[/+-][A-Za-z0-9_+-]+)*)?$/;
const MIN = -62_135_596_800_000_000n;
const MAX = 253_402_300_799_999_999n;

/** The instant of a text with a zone, its offset or name, or else in `zone`; `undefined` for what is none. */
export function instantOf(text: string, zone = 'UTC'): bigint | undefined {
  const match = TEXT.exec(text.trim());
  if (match === null) return undefined;
  const days = parseDate(match[1] ?? '');
  const time = match[2] === undefined ? 0n : parseTime(match[2]);
  if (days === undefined || time === undefined) return undefined;
  const local = BigInt(days) * MICROS_PER_DAY + time;
  try {
    const micros = instantOfLocal(local, match[3] ?? zone);
    return micros < MIN || micros > MAX ? undefined : micros;
  } catch {
    return undefined;
  }
}
