import { parseTime } from '@pipeline/books';
import type { FieldProblem } from '@pipeline/platform';
import { invalidRequest, readJsonObject, unknownFields } from '../requests/json-object.js';

/** A validated request of `POST /audit`. */
export interface AuditRequest {
  readonly since: Date;
  readonly until: Date;
  /** True writes the books of whole hours to `_ledger`. */
  readonly ledger: boolean;
}

const FIELDS = ['since', 'until', 'ledger'];
/** A day and an hour, so that events that arrived late for the last day are counted again. */
const DEFAULT_SINCE = '25h';

/**
 * Parses the body: `{"since"?: "25h", "until"?: "2026-11-23T10:00:00Z", "ledger"?: true}`, or nothing at all.
 * @throws RequestFailure 400, naming each field that is wrong
 */
export function parseAuditRequest(body: unknown, now: Date): AuditRequest {
  const given = readJsonObject(body);
  const problems: FieldProblem[] = [];
  const timeAt = (field: string, fallback: Date): Date => {
    const value = given[field];
    if (value === undefined) return fallback;
    const time = typeof value === 'string' ? parseTime(value, now) : undefined;
    if (time !== undefined) return time;
    const message = `${field} is so long ago (25h, 7d), a day (2026-11-23) or a full time (2026-11-23T10:00:00Z)`;
    problems.push({ field, rule: 'isTime', message });
    return fallback;
  };
  const since = timeAt('since', parseTime(DEFAULT_SINCE, now) ?? now);
  const until = timeAt('until', now);
  const ledger = given['ledger'] ?? true;
  if (typeof ledger !== 'boolean') {
    problems.push({ field: 'ledger', rule: 'isBoolean', message: 'ledger is true or false' });
  }
  problems.push(...unknownFields(given, FIELDS));
  if (problems.length === 0 && since >= until) {
    problems.push({ field: 'since', rule: 'isBefore', message: 'since is before until' });
  }
  if (problems.length > 0) throw invalidRequest(problems);
  return { since, until, ledger: ledger === true };
}
