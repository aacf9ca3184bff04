import type { Cell } from '../rules/cell.js';
import type { Field } from '../rules/field-schema.js';

/**
 * Encodes a row as sparse JSON by column name; NULL and empty arrays are left out.
 *
 * Shape: `{id: 1n, n: 15n×10^8, tags: []}` → `{"id":"1","n":"N1500000000"}`. Numbers carry their scale (none, `N` for
 * 9 digits, `B` for 38), so that the text remains readable after columns were added or widened.
 */
export function encodeRow(cells: readonly Cell[], fields: readonly Field[]): string {
  const members: string[] = [];
  fields.forEach((field, index) => {
    const cell = cells[index] ?? null;
    if (cell === null || (field.mode === 'REPEATED' && (cell as readonly Cell[]).length === 0)) return;
    members.push(`${JSON.stringify(field.name)}:${encodeCell(cell, field)}`);
  });
  return `{${members.join(',')}}`;
}

function encodeCell(cell: Cell, field: Field): string {
  if (field.mode !== 'REPEATED') return encodeSingle(cell, field);
  return `[${(cell as readonly Cell[]).map((element) => encodeSingle(element, field)).join(',')}]`;
}

function encodeSingle(cell: Cell, field: Field): string {
  if (cell === null) return 'null';
  switch (field.type) {
    case 'RECORD':
      return encodeRow(cell as readonly Cell[], field.fields ?? []);
    case 'BYTES': {
      const { buffer, byteOffset, length } = cell as Uint8Array;
      return `"${Buffer.from(buffer, byteOffset, length).toString('base64')}"`;
    }
    case 'NUMERIC':
      return `"N${(cell as bigint).toString()}"`;
    case 'BIGNUMERIC':
      return `"B${(cell as bigint).toString()}"`;
    case 'INTEGER':
    case 'TIMESTAMP':
    case 'DATETIME':
    case 'TIME':
      return `"${(cell as bigint).toString()}"`;
    case 'FLOAT':
      return Number.isFinite(cell) && !Object.is(cell, -0)
        ? String(cell)
        : `"${Object.is(cell, -0) ? '-0' : String(cell)}"`;
    case 'BOOLEAN':
    case 'DATE':
    case 'STRING':
    case 'JSON':
    case 'GEOGRAPHY':
      return JSON.stringify(cell);
  }
}

/** Decodes {@link encodeRow} under the present columns: those that the row did not have are NULL or empty. */
export function decodeRow(text: string, fields: readonly Field[]): Cell[] {
  return decodeRecord(JSON.parse(text) as Readonly<Record<string, unknown>>, fields);
}

function decodeRecord(value: Readonly<Record<string, unknown>>, fields: readonly Field[]): Cell[] {
  return fields.map((field) => {
    const member = Object.hasOwn(value, field.name) ? value[field.name] : undefined;
    if (field.mode === 'REPEATED')
      return ((member ?? []) as readonly unknown[]).map((element) => decodeSingle(element, field));
    return decodeSingle(member, field);
  });
}

function decodeSingle(value: unknown, field: Field): Cell {
  if (value === undefined || value === null) return null;
  switch (field.type) {
    case 'RECORD':
      return decodeRecord(value as Readonly<Record<string, unknown>>, field.fields ?? []);
    case 'BYTES':
      return Buffer.from(value as string, 'base64');
    case 'NUMERIC':
      return scaled(value as string, 9);
    case 'BIGNUMERIC':
      return scaled(value as string, 38);
    case 'INTEGER':
    case 'TIMESTAMP':
    case 'DATETIME':
    case 'TIME':
      return BigInt(value as string);
    case 'FLOAT':
      return typeof value === 'number' ? value : toFloat(value as string);
    case 'BOOLEAN':
    case 'DATE':
    case 'STRING':
    case 'JSON':
    case 'GEOGRAPHY':
      return value as Cell;
  }
}

const SCALES: Readonly<Record<string, number>> = { N: 9, B: 38 };

function scaled(text: string, scale: number): bigint {
  const present = SCALES[text.charAt(0)] ?? 0;
  const digits = BigInt(present === 0 ? text : text.slice(1));
  return digits * 10n ** BigInt(scale - present);
}

/** A double of a float's own text, or of an integer or decimal whose column was widened to FLOAT64. */
function toFloat(text: string): number {
  const scale = SCALES[text.charAt(0)];
  return scale === undefined ? Number(text) : Number(`${text.slice(1)}e-${scale}`);
}
