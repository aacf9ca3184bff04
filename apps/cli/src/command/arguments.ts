import { InvalidArgumentError, Option } from 'commander';
import { parseTime } from '@pipeline/books';
import { parseEventTypeSources, type EventTypeSources } from '@pipeline/schema-inference';
import { UsageError } from './exit-codes.js';

/** An option's text as a point in time: `24h`, `7d`, `2026-11-23`, `2026-11-23T10:00:00Z`. */
export function time(text: string): Date {
  const value = parseTime(text, new Date());
  if (value !== undefined) return value;
  throw new InvalidArgumentError(
    'Use a duration (30m, 24h, 7d), a date (2026-11-23) or a timestamp (2026-11-23T10:00:00Z).',
  );
}

/** An option that is a point in time, with a default that help shows as it is written: `24h`. */
export function timeOption(flags: string, description: string, byDefault: string): Option {
  return new Option(flags, description).argParser(time).default(time(byDefault), byDefault);
}

/** An option that is a number of bytes, with a default that help shows as it is written: `1GB`. */
export function bytesOption(flags: string, description: string, byDefault: string): Option {
  return new Option(flags, description).argParser(bytes).default(bytes(byDefault), byDefault);
}

/** An option that may be given several times. */
export function collect(text: string, before: readonly string[] | undefined): readonly string[] {
  return [...(before ?? []), text];
}

/**
 * The values of `--attribute name=value`.
 *
 * @throws UsageError for text without a name, or with a name that no query can hold
 */
export function namesAndValues(pairs: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(
    pairs.map((pair) => {
      const at = pair.indexOf('=');
      if (at < 1 || /["\\\u0000-\u001f]/.test(pair.slice(0, at)))
        throw new UsageError(`--attribute takes name=value, without quotes in the name, not ${pair}.`);
      return [pair.slice(0, at), pair.slice(at + 1)];
    }),
  );
}

const UNITS: Readonly<Record<string, number>> = { '': 1, KB: 1e3, MB: 1e6, GB: 1e9, TB: 1e12 };

/** An option's text as a number of bytes: `500MB`, `2TB`. */
export function bytes(text: string): number {
  const [, amount, unit = ''] = /^(\d{1,15})\s*(KB|MB|GB|TB)?$/i.exec(text) ?? [];
  if (amount === undefined) throw new InvalidArgumentError('A size is a whole number with KB, MB, GB or TB.');
  return Number(amount) * (UNITS[unit.toUpperCase()] ?? 1);
}

/** The places of the event type, as `EVENT_TYPE_FROM` has them. */
export function eventTypeSources(text: string): EventTypeSources {
  const parsed = parseEventTypeSources(text);
  if (parsed.kind === 'invalid') throw new InvalidArgumentError(`EVENT_TYPE_FROM: ${parsed.problem}.`);
  return parsed.sources;
}

/** Event types and tables as JSON. */
export function routes(text: string): Readonly<Record<string, string>> {
  try {
    const value: unknown = JSON.parse(text);
    if (
      typeof value === 'object' &&
      value !== null &&
      Object.values(value).every((name) => typeof name === 'string')
    )
      return value as Readonly<Record<string, string>>;
  } catch {
    // what is no JSON is refused in the same words
  }
  throw new InvalidArgumentError('Routes are a JSON object of event types and tables: {"order":"orders"}');
}
