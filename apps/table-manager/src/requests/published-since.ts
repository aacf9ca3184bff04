import { parseTime } from '@pipeline/books';
import type { FieldProblem } from '@pipeline/platform';

/** Yesterday's partition too, for the events around midnight and those that were delivered late. */
export const RECENT = '48h';

/** The time of the field `publishedSince`, or its problem. */
export function readPublishedSince(value: unknown, now: Date): Date | FieldProblem {
  const since = typeof value === 'string' ? parseTime(value, now) : undefined;
  if (since !== undefined) return since;
  const message =
    'publishedSince is so long ago (48h, 30d), a day (2026-11-23) or a full time (2026-11-23T10:00:00Z)';
  return { field: 'publishedSince', rule: 'isTime', message };
}
