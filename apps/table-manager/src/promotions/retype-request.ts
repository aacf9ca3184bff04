import { parseRetypeType, RETYPE_TYPES, type RetypeWish } from '@pipeline/bigquery-tables';
import type { FieldProblem } from '@pipeline/platform';
import { invalidRequest, readJsonObject, unknownFields } from '../requests/json-object.js';

/** A validated request of `POST /retypes`. */
export interface RetypeCall {
  readonly table: string;
  /** As in the request, for messages. */
  readonly column: string;
  readonly wish: RetypeWish;
  readonly dryRun: boolean;
}

const FIELDS = ['table', 'column', 'type', 'numbersAsText', 'dryRun'];

/**
 * Parses the body: `{"table": "orders", "column": "items.price", "type": "NUMERIC", "numbersAsText"?: false, "dryRun"?: false}`.
 * @throws RequestFailure 400, naming each field that is wrong
 */
export function parseRetypeCall(body: unknown): RetypeCall {
  const given = readJsonObject(body);
  const problems: FieldProblem[] = [];
  const check = (field: string, rule: string, isRight: boolean, expected: string): void => {
    if (!isRight) problems.push({ field, rule, message: `${field} is ${expected}` });
  };
  const { table, column, type, numbersAsText = false, dryRun = false } = given;
  const parsed = typeof type === 'string' ? parseRetypeType(type) : null;
  check('table', 'isNotEmpty', isText(table), 'the name of a table');
  check('column', 'isNotEmpty', isText(column), 'the name of a column, or the path of a field: items.price');
  check('type', 'isIn', parsed !== null, `one of ${RETYPE_TYPES.join(', ')}, or ARRAY<…> of one`);
  check('numbersAsText', 'isBoolean', typeof numbersAsText === 'boolean', 'true or false');
  check('dryRun', 'isBoolean', typeof dryRun === 'boolean', 'true or false');
  const isTextWish = numbersAsText !== true || parsed === null || parsed.type === 'STRING';
  check('numbersAsText', 'isStringType', isTextWish, 'for the type STRING');
  problems.push(...unknownFields(given, FIELDS));
  if (problems.length > 0 || !isText(table) || !isText(column) || parsed === null) {
    throw invalidRequest(problems);
  }
  const wish = { path: column.split('.'), numbersAsText: numbersAsText === true, ...parsed };
  return { table, column, wish, dryRun: dryRun === true };
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}
