import { parseTime } from '@pipeline/books';
import type { PromotionScope } from '@pipeline/bigquery-tables';
import { RequestFailure, type FieldProblem } from '@pipeline/platform';

/** A validated request of `POST /promotions`. */
export interface PromotionCall {
  /** Undefined: the tables whose schema changed lately, or with scope `all` every table. */
  readonly tables?: readonly string[];
  readonly scope: PromotionScope;
  readonly publishedSince: Date;
  readonly dryRun: boolean;
}

const FIELDS: ReadonlySet<string> = new Set(['tables', 'scope', 'publishedSince', 'dryRun']);
/** Yesterday's partition too, for the events around midnight and those that were delivered late. */
const DEFAULT_SINCE: Readonly<Record<PromotionScope, string>> = { waiting: '48h', all: '30d' };

/**
 * Parses the body: `{"tables"?: ["orders"], "scope"?: "waiting", "publishedSince"?: "48h", "dryRun"?: false}`, or nothing.
 * @throws RequestFailure 400, naming each field that is wrong
 */
export function parsePromotionCall(body: unknown, now: Date): PromotionCall {
  const given = parseBody(body);
  const problems: FieldProblem[] = [];
  const check = (field: string, rule: string, isRight: boolean, expected: string): void => {
    if (!isRight) problems.push({ field, rule, message: `${field} is ${expected}` });
  };
  const { tables, scope = 'waiting', dryRun = false } = given;
  check('tables', 'isArray', tables === undefined || isTexts(tables), 'a list of names of tables');
  check('scope', 'isIn', scope === 'waiting' || scope === 'all', 'waiting or all');
  check('dryRun', 'isBoolean', typeof dryRun === 'boolean', 'true or false');
  const wanted: PromotionScope = scope === 'all' ? 'all' : 'waiting';
  const { publishedSince = DEFAULT_SINCE[wanted] } = given;
  const since = typeof publishedSince === 'string' ? parseTime(publishedSince, now) : undefined;
  const times = 'so long ago (48h, 30d), a day (2026-11-23) or a full time (2026-11-23T10:00:00Z)';
  check('publishedSince', 'isTime', since !== undefined, times);
  for (const field of Object.keys(given)) {
    if (!FIELDS.has(field)) {
      problems.push({ field, rule: 'whitelistValidation', message: `${field} is not known` });
    }
  }
  if (problems.length > 0 || since === undefined) throw invalid(problems);
  const named = isTexts(tables) ? { tables } : {};
  return { ...named, scope: wanted, publishedSince: since, dryRun: dryRun === true };
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((element) => typeof element === 'string');
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
