import type { PromotionScope } from '@pipeline/bigquery-tables';
import type { FieldProblem } from '@pipeline/platform';
import { invalidRequest, readJsonObject, unknownFields } from '../requests/json-object.js';
import { readPublishedSince, RECENT } from '../requests/published-since.js';

/** A validated request of `POST /promotions`. */
export interface PromotionCall {
  /** Undefined: the tables whose schema changed lately, or with scope `all` every table. */
  readonly tables?: readonly string[];
  readonly scope: PromotionScope;
  readonly publishedSince: Date;
  readonly dryRun: boolean;
}

const FIELDS = ['tables', 'scope', 'publishedSince', 'dryRun'];
const DEFAULT_SINCE: Readonly<Record<PromotionScope, string>> = { waiting: RECENT, all: '30d' };

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
  const since = readPublishedSince(publishedSince, now);
  if (!(since instanceof Date)) problems.push(since);
  problems.push(...unknownFields(given, FIELDS));
  if (problems.length > 0 || !(since instanceof Date)) throw invalidRequest(problems);
  const named = isTexts(tables) ? { tables } : {};
  return { ...named, scope: wanted, publishedSince: since, dryRun: dryRun === true };
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((element) => typeof element === 'string');
}
