import { invalidQuery } from '../../rules/api-error.js';
import {
  formatDate,
  formatDatetime,
  formatTime,
  parseDate,
  parseDatetime,
  parseTime,
  parseTimestamp,
} from '../../rules/civil-time.js';
import { formatScaled, NUMERIC_SCALE, parseBignumeric, parseNumeric } from '../../rules/decimals.js';
import { quoteText } from '../../warehouse/duckdb-types.js';
import { canonicalJson } from '../../functions/json-tree.js';
import { instantOf } from '../../functions/zones.js';
import type { Expression } from '../syntax/tree.js';
import { bignumericOf } from './casts.js';
import { BIGNUMERIC, BOOL, BYTES, FLOAT64, INT64, JSON_TYPE, NUMERIC, scalar, STRING } from './types.js';
import { text as textSql, UNTYPED_NULL, type Value, value } from './value.js';

/** The value of a literal. Source: docs/reference/standard-sql/lexical#literals, read 2026-11-29. */
export function literalValue({ type, text }: Extract<Expression, { kind: 'literal' }>): Value {
  switch (type) {
    case 'INT64':
      return integerValue(BigInt(text));
    case 'FLOAT64':
      return { sql: `${quoteText(text)}::DOUBLE`, type: FLOAT64, literal: { kind: 'number', text } };
    case 'STRING':
      return { sql: textSql(text), type: STRING, literal: { kind: 'string', text } };
    case 'BYTES':
      return value(`from_hex('${Buffer.from(text, 'latin1').toString('hex')}')`, BYTES);
    case 'BOOL':
      return value(text, BOOL);
    case 'NULL':
      return UNTYPED_NULL;
    case 'NUMERIC': {
      const scaled = parseNumeric(text);
      if (scaled === undefined) throw invalidQuery(`Invalid NUMERIC literal: '${text}'`);
      return value(`${quoteText(formatScaled(scaled, NUMERIC_SCALE))}::DECIMAL(38,9)`, NUMERIC);
    }
    case 'BIGNUMERIC': {
      const scaled = parseBignumeric(text);
      if (scaled === undefined) throw invalidQuery(`Invalid BIGNUMERIC literal: '${text}'`);
      return value(bignumericOf(`'${scaled}'`), BIGNUMERIC);
    }
    case 'JSON': {
      const canonical = canonicalJson(text);
      if (canonical === undefined) throw invalidQuery(`Invalid JSON literal: ${text.slice(0, 100)}`);
      return value(`${textSql(canonical)}::JSON`, JSON_TYPE);
    }
    case 'DATE':
    case 'TIME':
    case 'DATETIME':
    case 'TIMESTAMP':
      return temporalLiteral(type, text);
  }
}

function integerValue(integer: bigint): Value {
  if (BigInt.asIntN(64, integer) !== integer) throw invalidQuery(`Invalid integer literal: ${integer}`);
  return {
    sql: `(${integer < 0n ? `'${integer}'` : integer}::BIGINT)`,
    type: INT64,
    literal: { kind: 'number', text: String(integer) },
  };
}

/** A minus before a literal number is part of it; `undefined` for every other operand. */
export function negatedLiteral(operand: Expression): Value | undefined {
  if (operand.kind !== 'literal') return undefined;
  if (operand.type === 'INT64') return integerValue(-BigInt(operand.text));
  if (operand.type !== 'FLOAT64') return undefined;
  const text = `-${operand.text}`;
  return { sql: `(${quoteText(text)}::DOUBLE)`, type: FLOAT64, literal: { kind: 'number', text } };
}

/** `TIMESTAMP '…'` and its like, checked by the same rules as rows. */
export function temporalLiteral(type: 'DATE' | 'TIME' | 'DATETIME' | 'TIMESTAMP', text: string): Value {
  return { sql: temporalSql(type, text), type: scalar(type) };
}

function temporalSql(type: string, text: string): string {
  switch (type) {
    case 'DATE':
      return `DATE '${formatDate(known(parseDate(text.trim()), 'DATE', text))}'`;
    case 'DATETIME':
      return `TIMESTAMP '${formatDatetime(known(parseDatetime(text.trim()), 'DATETIME', text))}'`;
    case 'TIMESTAMP':
      return `TIMESTAMPTZ '${formatDatetime(known(parseTimestamp(text) ?? instantOf(text), 'TIMESTAMP', text))}+00'`;
    default:
      return `TIME '${formatTime(known(parseTime(text.trim()), 'TIME', text))}'`;
  }
}

function known<T>(parsed: T | undefined, type: string, text: string): T {
  if (parsed === undefined) throw invalidQuery(`Invalid ${type} literal: '${text}'`);
  return parsed;
}
