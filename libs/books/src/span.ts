/** A span of publish time: `from` inclusive, `to` exclusive. */
export interface Span {
  readonly from: Date;
  readonly to: Date;
}

const UNIT_MS: Readonly<Record<string, number>> = {
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};

/**
 * Reads a point in time as people write it; undefined for anything else.
 *
 * Shape: `24h`, `30m`, `7d` (so long before `now`), `2026-11-23` (midnight UTC), `2026-11-23T10:00:00Z`.
 */
export function parseTime(text: string, now: Date): Date | undefined {
  const [, amount, unit = ''] = /^(\d{1,6})([smhd])$/.exec(text) ?? [];
  if (amount !== undefined) return new Date(now.getTime() - Number(amount) * (UNIT_MS[unit] ?? 0));
  if (!/^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?(Z|[+-]\d{2}:\d{2}))?$/.test(text))
    return undefined;
  const time = new Date(text);
  return Number.isNaN(time.getTime()) ? undefined : time;
}

/** The span cut at midnight UTC, because tables are partitioned by day: one query reads one partition. */
export function splitByDay({ from, to }: Span): Span[] {
  const days: Span[] = [];
  for (let start = from; start < to;) {
    const midnight = new Date(start);
    midnight.setUTCHours(24, 0, 0, 0);
    const end = midnight < to ? midnight : to;
    days.push({ from: start, to: end });
    start = end;
  }
  return days;
}
