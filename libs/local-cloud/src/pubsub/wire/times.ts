import { invalidArgument } from './status.js';

const DURATION = /^(-?\d{1,12})(?:\.(\d{1,9}))?s$/;
const TIMESTAMP = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?(Z|[+-]\d\d:\d\d)$/;

/** Seconds and nanoseconds, as protobuf's Duration and Timestamp carry them. */
export interface SecondsAndNanos {
  readonly seconds: number;
  readonly nanos: number;
}

const toNanos = (fraction: string | undefined): number => Number((fraction ?? '').padEnd(9, '0'));

function fractionText(nanos: number): string {
  if (nanos === 0) return '';
  const digits = String(nanos).padStart(9, '0');
  return `.${digits.endsWith('000000') ? digits.slice(0, 3) : digits.endsWith('000') ? digits.slice(0, 6) : digits}`;
}

/** `"90.5s"` → 90 s and 500,000,000 ns. Source: protobuf's JSON mapping, read 2026-11-22. */
export function parseDuration(text: string): SecondsAndNanos {
  const match = DURATION.exec(text);
  if (match === null) throw invalidArgument(`Illegal duration format; duration must end with 's': ${text}`);
  const sign = text.startsWith('-') ? -1 : 1;
  const nanos = toNanos(match[2]);
  return { seconds: Number(match[1]), nanos: nanos === 0 ? 0 : sign * nanos };
}

export function formatDuration(value: SecondsAndNanos): string {
  return `${value.seconds}${fractionText(Math.abs(value.nanos))}s`;
}

export function durationMs(text: string): number {
  const { seconds, nanos } = parseDuration(text);
  return seconds * 1_000 + nanos / 1e6;
}

/** RFC 3339 text → seconds and nanoseconds since the epoch. */
export function parseTimestamp(text: string): SecondsAndNanos {
  const match = TIMESTAMP.exec(text);
  const ms = match === null ? Number.NaN : Date.parse(`${match[1] ?? ''}${match[3] ?? ''}`);
  if (Number.isNaN(ms)) throw invalidArgument(`Invalid time: ${text}`);
  return { seconds: ms / 1_000, nanos: toNanos(match?.[2]) };
}

export function formatTimestamp(value: SecondsAndNanos): string {
  return `${new Date(value.seconds * 1_000).toISOString().slice(0, 19)}${fractionText(value.nanos)}Z`;
}

/** Milliseconds since the epoch → RFC 3339 with three fraction digits where needed. */
export function formatTimestampMs(ms: number): string {
  return formatTimestamp(splitMs(ms));
}

export function splitMs(ms: number): SecondsAndNanos {
  const seconds = Math.floor(ms / 1_000);
  return { seconds, nanos: Math.round((ms - seconds * 1_000) * 1e6) };
}
