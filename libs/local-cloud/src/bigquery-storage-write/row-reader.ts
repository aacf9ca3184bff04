import protobuf from 'protobufjs';
import type { ErrorProto } from '../bigquery/rules/api-error.js';
import { CellBudget, CellBudgetExceeded } from '../bigquery/rules/cell-budget.js';
import type { Cell } from '../bigquery/rules/cell.js';
import { fieldNamed, placeOfField } from '../bigquery/rules/field-places.js';
import type { Field } from '../bigquery/rules/field-schema.js';
import type { CoerceRow } from '../bigquery/rules/row-coercion.js';
import { CoercionFailure } from '../bigquery/rules/scalar-coercion.js';
import type { RowField } from './row-descriptor.js';
import { SchemaMismatch } from './schema-mismatch.js';
import { toColumnCell, type WireValue } from './wire-values.js';

const { Reader } = protobuf;

/**
 * Prepares the reading of serialized rows into cells of a table.
 *
 * `stored` are the table's columns, `visible` those that writers know already.
 * Errors: {@link SchemaMismatch} at once when the writer's schema has a field that is no visible column, or a record
 * for a scalar; values that do not fit make the row `refused`.
 */
export function compileProtoRows(
  rowFields: readonly RowField[],
  stored: readonly Field[],
  visible: readonly Field[],
): CoerceRow {
  const read = compileMessage(rowFields, stored, visible, '');
  return (row) => {
    const errors: ErrorProto[] = [];
    try {
      const bytes = row as Uint8Array;
      const cells = read(Reader.create(bytes), bytes.length, { errors, budget: new CellBudget() });
      return errors.length === 0 ? { kind: 'row', cells } : { kind: 'refused', errors };
    } catch (error) {
      const what = error instanceof Error ? error.message : '';
      const message =
        error instanceof CellBudgetExceeded ? what : `The row is no message of the writer's schema: ${what}`;
      return { kind: 'refused', errors: [{ reason: 'invalid', location: '', message }] };
    }
  };
}

interface RowState {
  readonly errors: ErrorProto[];
  readonly budget: CellBudget;
}

type ReadMessage = (reader: protobuf.Reader, end: number, row: RowState) => Cell[];

interface Target {
  readonly rowField: RowField;
  readonly field: Field;
  readonly index: number;
  readonly path: string;
  readonly nested: ReadMessage | undefined;
}

function compileMessage(
  rowFields: readonly RowField[],
  stored: readonly Field[],
  visible: readonly Field[],
  above: string,
): ReadMessage {
  const targets = new Map(
    rowFields.map((rowField) => [rowField.number, makeTarget(rowField, stored, visible, above)]),
  );
  const required = stored.flatMap((field, index) => (field.mode === 'REQUIRED' ? [{ field, index }] : []));
  return (reader, end, row) => {
    row.budget.take(stored.length);
    const cells: (Cell | Cell[])[] = stored.map((field) => (field.mode === 'REPEATED' ? [] : null));
    while (reader.pos < end) {
      const tag = reader.uint32();
      const target = targets.get(tag >>> 3);
      if (target === undefined) reader.skipType(tag & 7);
      else readInto(cells, target, reader, tag & 7, row);
    }
    for (const { field, index } of required)
      if (cells[index] === null)
        row.errors.push(
          problem(`${above}${field.name}`, `Field ${above}${field.name}: required field is missing`),
        );
    return cells;
  };
}

function makeTarget(
  rowField: RowField,
  stored: readonly Field[],
  visible: readonly Field[],
  above: string,
): Target {
  const index = placeOfField(stored, rowField.column);
  const field = stored[index];
  const known = fieldNamed(visible, rowField.column);
  if (field === undefined || known === undefined) throw new SchemaMismatch(`${above}${rowField.column}`);
  if (rowField.isRepeated && field.mode !== 'REPEATED')
    throw new SchemaMismatch(`${above}${rowField.column}`, 'is repeated, the column is not');
  const path = `${above}${field.name}`;
  if ((field.type === 'RECORD') !== (rowField.message !== undefined))
    throw new SchemaMismatch(path, `is ${rowField.type}, the column ${field.type}`);
  const nested =
    rowField.message === undefined
      ? undefined
      : compileMessage(rowField.message.fields, field.fields ?? [], known.fields ?? [], `${path}.`);
  return { rowField, field, index, path, nested };
}

/** Wire types. Source: protobuf.dev/programming-guides/encoding#structure, read 2026-11-29. */
const VARINT = 0;
const FIXED_64 = 1;
const LENGTH_DELIMITED = 2;
const FIXED_32 = 5;

const WIRE_TYPES: Readonly<Partial<Record<RowField['type'], number>>> = {
  double: FIXED_64,
  fixed64: FIXED_64,
  sfixed64: FIXED_64,
  float: FIXED_32,
  fixed32: FIXED_32,
  sfixed32: FIXED_32,
  string: LENGTH_DELIMITED,
  bytes: LENGTH_DELIMITED,
  message: LENGTH_DELIMITED,
};

/** A field may only be read as the type that it was written as; a repeated number may also be packed. */
function checkWireType({ rowField, path }: Target, wire: number): void {
  const expected = WIRE_TYPES[rowField.type] ?? VARINT;
  const isPacked = wire === LENGTH_DELIMITED && rowField.isRepeated;
  if (wire !== expected && !isPacked)
    throw new Error(`field ${path} has wire type ${wire}, its type ${rowField.type} needs ${expected}`);
}

function readInto(
  cells: (Cell | Cell[])[],
  target: Target,
  reader: protobuf.Reader,
  wire: number,
  row: RowState,
): void {
  const { rowField, field, index } = target;
  checkWireType(target, wire);
  const isPacked = wire === LENGTH_DELIMITED && !['string', 'bytes', 'message'].includes(rowField.type);
  const end = isPacked ? reader.uint32() + reader.pos : reader.pos + 1;
  do {
    const cell = readCell(target, reader, row);
    row.budget.take(1);
    if (field.mode === 'REPEATED') (cells[index] as Cell[]).push(cell);
    else cells[index] = cell;
  } while (isPacked && reader.pos < end);
}

function readCell({ rowField, field, path, nested }: Target, reader: protobuf.Reader, row: RowState): Cell {
  if (nested !== undefined) {
    if (rowField.type === 'group') throw new Error('groups are not supported');
    const length = reader.uint32();
    return nested(reader, reader.pos + length, row);
  }
  const value = readScalar(rowField, reader);
  try {
    return toColumnCell(value, field);
  } catch (error) {
    if (!(error instanceof CoercionFailure)) throw error;
    row.errors.push(problem(path, error.message));
    return null;
  }
}

function readScalar(rowField: RowField, reader: protobuf.Reader): WireValue {
  switch (rowField.type) {
    case 'double':
      return reader.double();
    case 'float':
      return reader.float();
    case 'bool':
      return reader.bool();
    case 'string':
      return reader.string();
    case 'bytes':
      return reader.bytes();
    case 'int64':
      return signed64(reader.int64());
    case 'sint64':
      return signed64(reader.sint64());
    case 'sfixed64':
      return signed64(reader.sfixed64());
    case 'uint64':
      return BigInt.asUintN(64, signed64(reader.uint64()));
    case 'fixed64':
      return BigInt.asUintN(64, signed64(reader.fixed64()));
    case 'int32':
      return BigInt(reader.int32());
    case 'sint32':
      return BigInt(reader.sint32());
    case 'sfixed32':
      return BigInt(reader.sfixed32());
    case 'uint32':
      return BigInt(reader.uint32());
    case 'fixed32':
      return BigInt(reader.fixed32());
    case 'enum': {
      const number = reader.int32();
      return rowField.enumNames?.get(number) ?? BigInt(number);
    }
    case 'group':
    case 'message':
      throw new Error('a message where a scalar is expected');
  }
}

function signed64(value: number | { readonly high: number; readonly low: number }): bigint {
  if (typeof value === 'number') return BigInt(value);
  return (BigInt(value.high) << 32n) | BigInt(value.low >>> 0);
}

function problem(location: string, message: string): ErrorProto {
  return { reason: 'invalid', location, message };
}
