import type { Cell } from './cell.js';
import { formatDate, formatDatetime, formatTime } from './civil-time.js';
import { BIGNUMERIC_SCALE, formatScaled, NUMERIC_SCALE } from './decimals.js';
import type { Field } from './field-schema.js';

/** Form of TIMESTAMPs: microseconds as an integer, or seconds as a float (the API's default). */
export interface ResultFormat {
  readonly useInt64Timestamp: boolean;
}

interface WireCell {
  readonly v: WireValue;
}
type WireValue = null | string | readonly WireCell[] | { readonly f: readonly WireCell[] };

/**
 * One row of a result as the REST API writes it: `{f: [{v: "1"}, {v: null}, {v: [{v: "a"}]}]}`, all scalars as text.
 *
 * Source: cloud.google.com/bigquery/docs/reference/rest/v2/jobs/getQueryResults, read 2026-11-22.
 */
export function toWireRow(
  cells: readonly Cell[],
  fields: readonly Field[],
  format: ResultFormat,
): { f: WireCell[] } {
  return { f: fields.map((field, index) => ({ v: toWireValue(cells[index] ?? null, field, format) })) };
}

function toWireValue(cell: Cell, field: Field, format: ResultFormat): WireValue {
  if (field.mode === 'REPEATED')
    return elementsOf(cell).map((element) => ({ v: toWireSingle(element, field, format) }));
  return toWireSingle(cell, field, format);
}

function elementsOf(cell: Cell): readonly Cell[] {
  return Array.isArray(cell) ? (cell as readonly Cell[]) : [];
}

function toWireSingle(cell: Cell, field: Field, format: ResultFormat): WireValue {
  if (cell === null) return null;
  switch (field.type) {
    case 'RECORD':
      return toWireRow(cell as readonly Cell[], field.fields ?? [], format);
    case 'BYTES':
      return Buffer.from(cell as Uint8Array).toString('base64');
    case 'NUMERIC':
      return formatScaled(cell as bigint, NUMERIC_SCALE);
    case 'BIGNUMERIC':
      return formatScaled(cell as bigint, BIGNUMERIC_SCALE);
    case 'TIMESTAMP':
      return format.useInt64Timestamp ? (cell as bigint).toString() : formatSeconds(cell as bigint);
    case 'DATETIME':
      return formatDatetime(cell as bigint);
    case 'TIME':
      return formatTime(cell as bigint);
    case 'DATE':
      return formatDate(cell as number);
    case 'FLOAT':
      return formatFloat(cell as number);
    case 'INTEGER':
    case 'BOOLEAN':
    case 'STRING':
    case 'JSON':
    case 'GEOGRAPHY':
      return String(cell);
  }
}

function formatFloat(value: number): string {
  if (Number.isInteger(value) && Math.abs(value) < 1e17) return `${Object.is(value, -0) ? '-0' : value}.0`;
  return String(value);
}

function formatSeconds(micros: bigint): string {
  const text = (Number(micros) / 1e6).toExponential();
  const [digits = '0', exponent = '0'] = text.replace('+', '').split('e');
  return `${digits.includes('.') ? digits : `${digits}.0`}E${exponent}`;
}
