import { invalidQuery } from '../../rules/api-error.js';
import type { Expression } from '../syntax/tree.js';
import { coerce } from './coerce.js';
import { compile, type Scope } from './scope.js';
import { STRING, type Type, typeText } from './types.js';
import { js, type Value, value } from './value.js';

/** `CAST(value AS type FORMAT '…')` for BYTES, dates and times. */
export function castWithFormat(
  node: Extract<Expression, { kind: 'cast' }>,
  of: Value,
  type: Type,
  scope: Scope,
): Value {
  const format = node.format === undefined ? undefined : coerce(compile(node.format, scope), STRING);
  const zone = node.zone === undefined ? undefined : coerce(compile(node.zone, scope), STRING);
  if (format === undefined) throw invalidQuery('The FORMAT of a CAST is no STRING');
  const prefix = node.safe ? 'safe_' : '';
  const [from, to] = [of.type.kind, type.kind];
  if (from === 'BYTES' && to === 'STRING')
    return value(js(`${prefix}bytes_as_format`, of.sql, format.sql), STRING);
  if (from === 'STRING' && to === 'BYTES')
    return value(js(`${prefix}bytes_from_format`, of.sql, format.sql), type);
  if (to === 'STRING' && ['DATE', 'DATETIME', 'TIMESTAMP', 'TIME'].includes(from)) {
    const civil =
      from === 'TIMESTAMP'
        ? js('local_time', of.sql, zone?.sql ?? "'UTC'")
        : from === 'TIME'
          ? `(DATE '1970-01-01' + ${of.sql})`
          : `CAST(${of.sql} AS TIMESTAMP)`;
    return value(js(`${prefix}format_elements`, civil, format.sql), STRING);
  }
  throw invalidQuery(
    `Not supported by this server: CAST from ${typeText(of.type)} to ${typeText(type)} with FORMAT`,
  );
}
