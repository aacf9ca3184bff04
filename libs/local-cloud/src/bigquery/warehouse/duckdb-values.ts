import * as duck from '@duckdb/node-api';
import { invalidQuery } from '../rules/api-error.js';
import type { Cell } from '../rules/cell.js';
import type { Field } from '../rules/field-schema.js';
import { BIGNUMERIC_FIELD, structKey } from './duckdb-types.js';

const INT64_MIN = -(2n ** 63n);
const INT64_MAX = 2n ** 63n - 1n;

/** A cell as DuckDB takes it for a column of {@link Field}. */
export function toDuckValue(cell: Cell, field: Field): duck.DuckDBValue {
  if (cell === null) return null;
  if (field.mode === 'REPEATED')
    return new duck.DuckDBListValue((cell as readonly Cell[]).map((element) => single(element, field)));
  return single(cell, field);
}

function single(cell: Cell, field: Field): duck.DuckDBValue {
  if (cell === null) return null;
  switch (field.type) {
    case 'RECORD': {
      const entries = Object.create(emptyEntries(field)) as Record<string, duck.DuckDBValue>;
      (field.fields ?? []).forEach((child, index) => {
        const value = (cell as readonly Cell[])[index] ?? null;
        if (value !== null) entries[structKey(child.name)] = toDuckValue(value, child);
      });
      return new duck.DuckDBStructValue(entries);
    }
    case 'BYTES':
      return new duck.DuckDBBlobValue(cell as Uint8Array);
    case 'NUMERIC':
      return new duck.DuckDBDecimalValue(cell as bigint, 38, 9);
    case 'BIGNUMERIC':
      return new duck.DuckDBStructValue({ [BIGNUMERIC_FIELD]: cell as bigint });
    case 'TIMESTAMP':
      return new duck.DuckDBTimestampTZValue(cell as bigint);
    case 'DATETIME':
      return new duck.DuckDBTimestampValue(cell as bigint);
    case 'TIME':
      return new duck.DuckDBTimeValue(cell as bigint);
    case 'DATE':
      return new duck.DuckDBDateValue(cell as number);
    case 'STRING':
    case 'JSON':
    case 'GEOGRAPHY':
    case 'INTEGER':
    case 'FLOAT':
    case 'BOOLEAN':
      return cell as string | bigint | number | boolean;
  }
}

const emptyEntriesOf = new WeakMap<Field, Readonly<Record<string, duck.DuckDBValue>>>();

/**
 * NULL for each field of a record. It is the prototype of its values, which so hold only what is not NULL: an array of
 * records with hundreds of fields each takes gigabytes otherwise.
 */
function emptyEntries(field: Field): Readonly<Record<string, duck.DuckDBValue>> {
  const present = emptyEntriesOf.get(field);
  if (present !== undefined) return present;
  const empty = Object.create(null) as Record<string, duck.DuckDBValue>;
  for (const child of field.fields ?? []) empty[structKey(child.name)] = null;
  emptyEntriesOf.set(field, empty);
  return empty;
}

/** A value of a DuckDB result as a cell of {@link Field}; throws `invalidQuery` where BigQuery's type ends. */
export function toCell(value: duck.DuckDBValue, field: Field): Cell {
  if (field.mode === 'REPEATED') {
    if (value === null) return [];
    if (!(value instanceof duck.DuckDBListValue)) throw invalidQuery(`Field ${field.name} is no array.`);
    const { items } = value;
    return items.map((element) => {
      if (element === null)
        throw invalidQuery(`Array cannot have a null element; error in writing field ${field.name}`);
      return singleCell(element, field);
    });
  }
  return value === null ? null : singleCell(value, field);
}

function singleCell(value: NonNullable<duck.DuckDBValue>, field: Field): Cell {
  if (value instanceof duck.DuckDBStructValue) {
    if (field.type === 'BIGNUMERIC') return value.entries[BIGNUMERIC_FIELD] as bigint | null;
    return (field.fields ?? []).map((child) => toCell(value.entries[structKey(child.name)] ?? null, child));
  }
  if (value instanceof duck.DuckDBDecimalValue) return toNumericScale(value);
  if (value instanceof duck.DuckDBBlobValue) return value.bytes;
  if (value instanceof duck.DuckDBDateValue) return value.days;
  if (
    value instanceof duck.DuckDBTimestampTZValue ||
    value instanceof duck.DuckDBTimestampValue ||
    value instanceof duck.DuckDBTimeValue
  )
    return value.micros;
  if (value instanceof duck.DuckDBTimestampSecondsValue) return value.seconds * 1_000_000n;
  if (value instanceof duck.DuckDBTimestampMillisecondsValue) return value.millis * 1_000n;
  if (field.type === 'INTEGER') return toInt64(value as number | bigint);
  if (typeof value === 'object') return value.toString();
  return value;
}

function toInt64(value: number | bigint): bigint {
  const integer = BigInt(value);
  if (integer < INT64_MIN || integer > INT64_MAX) throw invalidQuery(`int64 overflow: ${integer.toString()}`);
  return integer;
}

function toNumericScale(decimal: duck.DuckDBDecimalValue): bigint {
  if (decimal.scale <= 9) return decimal.value * 10n ** BigInt(9 - decimal.scale);
  const unit = 10n ** BigInt(decimal.scale - 9);
  const half = decimal.value < 0n ? -unit / 2n : unit / 2n;
  return (decimal.value + half) / unit;
}
