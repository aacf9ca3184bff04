import { StaleRead } from '../warehouse/catalog.js';
import { BigqueryError, invalidQuery, messageOf, RESOURCES_EXCEEDED } from '../rules/api-error.js';
import { OutOfMemory } from '../rules/out-of-memory.js';

/** DuckDB's words and BigQuery's. */
const WORDS: readonly (readonly [RegExp, string])[] = [
  [/^Constraint Error: NOT NULL constraint failed: [\w"]+\.(.*)$/, 'Required field $1 cannot be null'],
  [
    /^Binder Error: column ".*" must appear in the GROUP BY clause.*$/,
    'SELECT list expression references a column which is neither grouped nor aggregated',
  ],
  [
    /^Binder Error: .*aggregate functions? calls? cannot be nested.*$/i,
    'Aggregations of aggregations are not allowed',
  ],
  [
    /^Binder Error: (?:WHERE clause|JOIN condition) cannot contain aggregates.*$/i,
    'Aggregate function not allowed in WHERE clause',
  ],
  [
    /^Binder Error: (?:WHERE clause|GROUP BY clause) cannot contain window functions.*$/i,
    'Analytic function not allowed in WHERE clause',
  ],
  [
    /^Out of Range Error: Overflow in (addition|subtraction|multiplication|negation) of (?:INT64|BIGINT|DECIMAL\(.*?\)) \((.*?)\).*$/,
    'int64 overflow: $2',
  ],
  [/^Out of Range Error: Overflow.*$/, 'int64 overflow'],
  [/^Conversion Error: .*out of range.*$/i, 'Value out of range'],
  [
    /^Invalid Input Error: More than one row returned by a subquery.*$/,
    'Scalar subquery produced more than one element',
  ],
  [/^Invalid Input Error: /, ''],
  [/^Conversion Error: /, 'Bad value: '],
  [/^(?:Binder|Catalog|Parser|Out of Range|Not implemented|Constraint) Error: /, ''],
];

function inBigqueryWords(message: string): string {
  const text = WORDS.reduce((words, [pattern, replacement]) => words.replace(pattern, replacement), message);
  return text.replaceAll(/duckdb/gi, 'this server');
}

/** A failure inside DuckDB is the caller's query to BigQuery's eyes, unless the database itself failed. */
export function asQueryError(error: unknown): Error {
  if (error instanceof StaleRead) return error;
  if (error instanceof BigqueryError) return error;
  const shortage = OutOfMemory.of(error);
  if (shortage !== undefined) return shortage;
  const message = messageOf(error);
  const exceeded = message.indexOf(RESOURCES_EXCEEDED);
  if (exceeded >= 0)
    return new BigqueryError({
      reason: 'resourcesExceeded',
      message: message.slice(exceeded).split('\n')[0] ?? message,
      cause: error,
    });
  if (/^(INTERNAL|IO|FATAL)/i.test(message)) return BigqueryError.from(error);
  if (
    /^(Invalid time zone|Invalid token in JSONPath|JSONPath must|Not supported by this server)/.test(message)
  )
    return invalidQuery(message, error);
  return invalidQuery(inBigqueryWords(message.split('\n')[0] ?? message), error);
}
