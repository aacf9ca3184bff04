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
import type { JsonObject } from '../../rules/json.js';
import { quoteText } from '../../warehouse/duckdb-types.js';
import type { Place } from './scope.js';
import { notTranslated } from './sql-tree.js';

/** DuckDB SQL of a literal. A number with a point is FLOAT64 as a column; as an operand it stays exact. */
export function literal(body: JsonObject, place: Place): string {
  const value: unknown = body['value'];
  const text = Array.isArray(value) ? String(value[0]) : String(value);
  const type = String(body['literal_type']);
  switch (type) {
    case 'number':
      return number(text, place);
    case 'string':
    case 'raw_string':
    case 'triple_quoted_string':
    case 'escape_string':
      return quoteText(text);
    case 'byte_string':
      return `from_hex('${bytesOf(text).toString('hex')}')`;
    case 'hex_number':
      return BigInt(text).toString();
    default:
      return temporalLiteral(type, text);
  }
}

function number(text: string, place: Place): string {
  if (/[eE]/.test(text)) return `CAST(${text} AS DOUBLE)`;
  return place === 'column' && text.includes('.') ? `CAST(${text} AS DOUBLE)` : text;
}

/** `TIMESTAMP '…'` and its like, checked by the same rules as rows. */
export function temporalLiteral(type: string, text: string): string {
  switch (type) {
    case 'date':
      return `DATE '${formatDate(known(parseDate(text), 'DATE', text))}'`;
    case 'datetime':
      return `TIMESTAMP '${formatDatetime(known(parseDatetime(text), 'DATETIME', text))}'`;
    case 'timestamp':
      return `TIMESTAMPTZ '${formatDatetime(known(parseTimestamp(text), 'TIMESTAMP', text))}+00'`;
    case 'time':
      return `TIME '${formatTime(known(parseTime(text), 'TIME', text))}'`;
    default:
      throw notTranslated(`a literal of kind ${type.replaceAll('_', ' ')}`);
  }
}

function known<T>(value: T | undefined, type: string, text: string): T {
  if (value === undefined) throw invalidQuery(`Invalid ${type} literal "${text}"`);
  return value;
}

const ESCAPES: Readonly<Record<string, number>> = { a: 7, b: 8, f: 12, n: 10, r: 13, t: 9, v: 11 };

// The parser leaves the escapes of byte literals as they were written.
function bytesOf(text: string): Buffer {
  const parts = text.match(/\\x[0-9A-Fa-f]{2}|\\[0-7]{3}|\\[^]|[^\\]+/g) ?? [];
  return Buffer.concat(
    parts.map((part) => {
      if (!part.startsWith('\\')) return Buffer.from(part, 'utf8');
      if (/^\\[xX]/.test(part)) return Buffer.from([parseInt(part.slice(2), 16)]);
      if (/^\\\d/.test(part)) return Buffer.from([parseInt(part.slice(1), 8)]);
      const escaped = part.slice(1);
      const code = ESCAPES[escaped];
      return code === undefined ? Buffer.from(escaped, 'utf8') : Buffer.from([code]);
    }),
  );
}
