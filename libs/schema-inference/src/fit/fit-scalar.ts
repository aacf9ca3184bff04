import type { ColumnType, TypeParameters } from '../schema/column.js';
import { cutFraction, readDateText } from '../values/date-text.js';
import {
  numberText,
  numericTypeFrom,
  parseDecimal,
  plainText,
  type Decimal,
  type NumericType,
} from '../values/decimal.js';
import type { JsonNode, NumberNode, StringNode } from '../values/json-tree.js';
import type { OverflowReason } from './overflow.js';
import type { JsonValue } from '../values/row.js';
import { isWidening, type WideningType } from '../values/widening.js';
import { writeJson } from '../values/write-json.js';

/** The result of comparing one value with a column's type, before the rules about changing the column apply. */
export type ScalarFit =
  | { readonly kind: 'fits'; readonly value: JsonValue }
  | { readonly kind: 'wider'; readonly to: WideningType }
  | { readonly kind: 'never'; readonly reason: OverflowReason };

const TYPE_CONFLICT: ScalarFit = { kind: 'never', reason: 'TYPE_CONFLICT' };
const NOT_UNICODE: ScalarFit = { kind: 'never', reason: 'NOT_UNICODE' };
const NOT_REPRESENTABLE: ScalarFit = { kind: 'never', reason: 'NUMBER_NOT_REPRESENTABLE' };
const OUT_OF_RANGE: ScalarFit = { kind: 'never', reason: 'OUT_OF_RANGE' };

/** The type of a column with its parameters. */
export interface ScalarType {
  readonly type: ColumnType;
  readonly parameters: TypeParameters | null;
  readonly takesNumbersAsText: boolean;
}

/** Compares a value (of any kind but null) with a column's type, regardless of its mode. */
export function fitScalar(node: JsonNode, { type, parameters, takesNumbersAsText }: ScalarType): ScalarFit {
  if (!node.isUnicode) return NOT_UNICODE;
  if (takesNumbersAsText && node.kind === 'number') {
    const text = numberText(node.literal);
    return parameters === null || holdsText(text, parameters) ? { kind: 'fits', value: text } : OUT_OF_RANGE;
  }
  if (parameters !== null && (node.kind === 'string' || node.kind === 'number')) {
    return fitParameters(node, type, parameters);
  }
  return fitType(node, type);
}

/** A column with parameters was made by hand and is respected: it never widens. */
function fitParameters(
  node: StringNode | NumberNode,
  type: ColumnType,
  parameters: TypeParameters,
): ScalarFit {
  const fit = fitType(node, type);
  if (fit.kind === 'never' && fit.reason === 'TYPE_CONFLICT') return fit;
  const isHeld =
    node.kind === 'string'
      ? holdsText(node.value, parameters)
      : holdsDigits(parseDecimal(node.literal), parameters);
  return fit.kind === 'fits' && isHeld ? fit : OUT_OF_RANGE;
}

/** STRING(L): at most L code points. Source: BigQuery, parameterized data types, read 2026-11-29. */
function holdsText(text: string, { maxLength }: TypeParameters): boolean {
  if (maxLength === undefined || text.length <= maxLength) return true;
  return text.length <= 2 * maxLength && Array.from(text).length <= maxLength;
}

/** NUMERIC(P, S): at most P − S digits before and S after the point; BigQuery would round the rest. */
function holdsDigits({ digits, point }: Decimal, { precision, scale = 0 }: TypeParameters): boolean {
  if (precision === undefined || digits === '') return true;
  return point <= precision - scale && digits.length - point <= scale;
}

function fitType(node: JsonNode, type: ColumnType): ScalarFit {
  switch (type) {
    case 'BOOL':
      return node.kind === 'boolean' ? { kind: 'fits', value: node.value } : TYPE_CONFLICT;
    case 'INT64':
    case 'NUMERIC':
    case 'BIGNUMERIC':
    case 'FLOAT64':
      return node.kind === 'number' ? fitNumber(node, type) : TYPE_CONFLICT;
    case 'STRING':
      return node.kind === 'string' ? { kind: 'fits', value: node.value } : TYPE_CONFLICT;
    case 'DATE':
    case 'DATETIME':
    case 'TIMESTAMP':
      return node.kind === 'string' ? fitDate(node.value, type) : TYPE_CONFLICT;
    case 'JSON':
      return node.isJsonExact ? { kind: 'fits', value: writeJson(node) } : NOT_REPRESENTABLE;
    case 'RECORD':
    case 'BYTES':
    case 'TIME':
    case 'GEOGRAPHY':
    case 'INTERVAL':
    case 'RANGE':
      return TYPE_CONFLICT;
  }
}

/** Plain integers of at most 15 digits, the most common numbers, need no arithmetic. */
const SHORT_INTEGER = /^(?:0|-?[1-9][0-9]{0,14})$/;

function fitNumber(node: NumberNode, type: NumericType): ScalarFit {
  if (type === 'INT64' && SHORT_INTEGER.test(node.literal))
    return { kind: 'fits', value: Number(node.literal) };
  const decimal = parseDecimal(node.literal);
  const holding = numericTypeFrom(type, decimal);
  if (holding === null) return NOT_REPRESENTABLE;
  if (holding !== type && isWidening(holding)) return { kind: 'wider', to: holding };
  if (type === 'FLOAT64') return { kind: 'fits', value: decimal.digits === '' ? 0 : Number(node.literal) };
  const text = plainText(decimal);
  if (type !== 'INT64') return { kind: 'fits', value: text };
  const integer = Number(text);
  return { kind: 'fits', value: Number.isSafeInteger(integer) ? integer : text };
}

function fitDate(text: string, type: ColumnType): ScalarFit {
  const date = readDateText(text);
  if (date?.type !== type) return TYPE_CONFLICT;
  if (!date.isInRange) return OUT_OF_RANGE;
  return { kind: 'fits', value: date.isLong === true ? cutFraction(text) : text };
}
