import { parseTime } from '@pipeline/books';
import { RequestFailure, type FieldProblem } from '@pipeline/platform';

/** A validated request of `POST /audit`. */
export interface AuditRequest {
  readonly since: Date;
  readonly until: Date;
  /** True writes the books of whole hours to `_ledger`. */
  readonly ledger: boolean;
}

/** A day and an hour, so that events that arrived late for the last day are counted again. */
const DEFAULT_SINCE = '25h';

/**
 * Parses the body: `{"since"?: "25h", "until"?: "2026-11-23T10:00:00Z", "ledger"?: true}`, or nothing at all.
 * @throws RequestFailure 400, naming each field that is wrong
 */
export function parseAuditRequest(body: unknown, now: Date): AuditRequest {
  const given = parseBody(body);
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
  for (const field of Object.keys(given)) {
    if (field !== 'since' && field !== 'until' && field !== 'ledger') {
      problems.push({ field, rule: 'whitelistValidation', message: `${field} is not known` });
    }
  }
  if (problems.length === 0 && since >= until) {
    problems.push({ field: 'since', rule: 'isBefore', message: 'since is before until' });
  }
  if (problems.length > 0) throw invalid(problems);
  return { since, until, ledger: ledger === true };
}

function parseBody(body: unknown): Readonly<Record<string, unknown>> {
  if (!(body instanceof Uint8Array) || body.byteLength === 0) return {};
  try {
    const value: unknown = JSON.parse(Buffer.from(body).toString());
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
      return value as Readonly<Record<string, unknown>>;
    }
  } catch {
    // refused below in the same words
  }
  throw invalid([{ field: '', rule: 'isObject', message: 'the body is a JSON object' }]);
}

function invalid(fields: readonly FieldProblem[]): RequestFailure {
  const message = fields.map((problem) => problem.message).join('; ');
  return new RequestFailure({ status: 400, code: 'INVALID_REQUEST', message, fields });
}
