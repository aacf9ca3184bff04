import { invalidQuery } from '../../rules/api-error.js';
import type { Call } from '../syntax/tree.js';
import { structColumns } from './access.js';
import { castSql } from './casts.js';
import { coerce } from './coerce.js';
import { compile, type Scope } from './scope.js';
import { arrayOf, BOOL, STRING, typeText } from './types.js';
import { isNull, js, type Value, value } from './value.js';

/**
 * `CONTAINS_SUBSTR(expression, search)`: TRUE if the text of the expression, of any field of a STRUCT or of any element of an
 * array contains the search without regard to case; otherwise NULL if a field is NULL.
 *
 * Source: docs/reference/standard-sql/string_functions#contains_substr, from memory.
 */
export function containsSubstr(call: Call, scope: Scope): Value {
  const [name] = Object.keys(call.named);
  if (name !== undefined)
    throw invalidQuery(`Not supported by this server: the argument ${name} of CONTAINS_SUBSTR`);
  const [of, search] = call.args.map((node) => compile(node, scope));
  if (of === undefined || search === undefined || call.args.length > 2)
    throw invalidQuery(
      `Number of arguments does not match for function CONTAINS_SUBSTR: ${call.args.length} given`,
    );
  const part = coerce(search, STRING);
  if (part === undefined || isNull(search))
    throw invalidQuery('CONTAINS_SUBSTR needs a STRING that is not NULL as its second argument');
  return value(test(of, part.sql), BOOL);
}

const WITHOUT_TEXT: readonly string[] = ['JSON', 'BYTES', 'GEOGRAPHY', 'INTERVAL'];

function test(of: Value, part: string): string {
  if (isNull(of)) return 'CAST(NULL AS BOOLEAN)';
  if (of.type.kind === 'STRUCT') {
    const tests = structColumns(of).map((field) => test(field.value, part));
    return `(${tests.join(' OR ')})`;
  }
  if (of.type.kind === 'ARRAY') {
    const list = castSql(of.sql, of.type, arrayOf(STRING), false);
    const found = `(SELECT bool_or(${js('contains_substr', 'e', part)}) FROM (SELECT unnest(${list}) AS e))`;
    return `CASE WHEN ${of.sql} IS NULL THEN NULL ELSE coalesce(${found}, FALSE) END`;
  }
  if (WITHOUT_TEXT.includes(of.type.kind))
    throw invalidQuery(`Not supported by this server: CONTAINS_SUBSTR of ${typeText(of.type)}`);
  return js('contains_substr', castSql(of.sql, of.type, STRING, false), part);
}
