import { parseTime } from '@pipeline/books';
import type { PromotionScope } from '@pipeline/bigquery-tables';
import type { FieldProblem } from '@pipeline/platform';
import { invalidRequest, readJsonObject, unknownFields } from '../requests/json-object.js';

/** A validated request of `POST /promotions`. */
export interface PromotionCall {
  /** Undefined: the tables whose schema changed lately, or with scope `all` every table. */
  readonly tables?: readonly string[];
  readonly scope: PromotionScope;
  readonly publishedSince: Date;
  readonly dryRun: boolean;
}

const FIELDS = ['tables', 'scope', 'publishedSince', 'dryRun'];
/** Yesterday's partition too, for the events around midnight and those that were delivered late. */
const DEFAULT_SINCE: Readonly<Record<PromotionScope, string>> = { waiting: '48h', all: '30d' };

/**
 * Parses the body: `{"tables"?: ["orders"], "scope"?: "waiting", "publishedSince"?: "48h", "dryRun"?: false}`, or nothing.
 * @throws RequestFailure 400, naming each field that is wrong
 */
export function parsePromotionCall(body: unknown, now: Date): PromotionCall {
  const given = readJsonObject(body);
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
  problems.push(...unknownFields(given, FIELDS));
  if (problems.length > 0 || since === undefined) throw invalidRequest(problems);
  const named = isTexts(tables) ? { tables } : {};
  return { ...named, scope: wanted, publishedSince: since, dryRun: dryRun === true };
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((element) => typeof element === 'string');
}
