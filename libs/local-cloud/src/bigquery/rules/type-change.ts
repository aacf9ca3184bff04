import { invalidQuery } from './api-error.js';
import { type Field, type FieldType, sqlType } from './field-schema.js';

/** In-place coercions of SET DATA TYPE. Source: data-definition-language#alter_column_set_data_type, read 2026-11-22. */
const COERCIONS: Readonly<Partial<Record<FieldType, readonly FieldType[]>>> = {
  INTEGER: ['NUMERIC', 'BIGNUMERIC', 'FLOAT'],
  NUMERIC: ['BIGNUMERIC', 'FLOAT'],
};

/**
 * The column after `ALTER COLUMN … SET DATA TYPE`, description and mode kept.
 *
 * Allowed: INT64 → NUMERIC | BIGNUMERIC | FLOAT64, NUMERIC → BIGNUMERIC | FLOAT64, wider parameters, and the same
 * inside a STRUCT that is restated whole (not inside an array).
 * Errors: 400 `invalidQuery` naming both types.
 */
export function changeType(table: string, present: Field, wanted: Field): Field {
  return retype(table, present, wanted, present.name);
}

function retype(table: string, present: Field, wanted: Field, path: string): Field {
  const refused = (): Error =>
    invalidQuery(
      `ALTER TABLE ALTER COLUMN SET DATA TYPE requires that the existing column type (${sqlType(present)}) is assignable to the new type (${sqlType(wanted)}): column ${path} of table ${table}`,
    );
  if ((present.mode === 'REPEATED') !== (wanted.mode === 'REPEATED')) throw refused();
  if (present.mode === 'REPEATED') {
    if (sqlType(present) === sqlType(wanted)) return present;
    throw refused();
  }
  if (present.type === 'RECORD' && wanted.type === 'RECORD')
    return retypeRecord(table, present, wanted, path, refused);
  const { name, mode, description } = present;
  const next: Field = {
    name,
    type: wanted.type,
    mode,
    ...(description === undefined ? {} : { description }),
    ...parametersOf(wanted),
  };
  if (present.type === wanted.type) {
    if (!isWider(present, wanted)) throw refused();
    return next;
  }
  if (COERCIONS[present.type]?.includes(wanted.type) !== true) throw refused();
  return next;
}

function retypeRecord(
  table: string,
  present: Field,
  wanted: Field,
  path: string,
  refused: () => Error,
): Field {
  const before = present.fields ?? [];
  const after = wanted.fields ?? [];
  if (before.length !== after.length) throw refused();
  const fields = before.map((field, index) => {
    const next = after[index];
    if (next === undefined || next.name.toLowerCase() !== field.name.toLowerCase()) throw refused();
    return retype(table, field, next, `${path}.${field.name}`);
  });
  return { ...present, fields };
}

function parametersOf(field: Field): Partial<Field> {
  const { maxLength, precision, scale } = field;
  return {
    ...(maxLength === undefined ? {} : { maxLength }),
    ...(precision === undefined ? {} : { precision }),
    ...(scale === undefined ? {} : { scale }),
  };
}

function isWider(present: Field, wanted: Field): boolean {
  const limit = (value: string | undefined, none: number): number =>
    value === undefined ? none : Number(value);
  const wholeDigits = (field: Field): number => limit(field.precision, Infinity) - limit(field.scale, 0);
  return (
    limit(wanted.maxLength, Infinity) >= limit(present.maxLength, Infinity) &&
    (wanted.precision === undefined ||
      (wholeDigits(wanted) >= wholeDigits(present) && limit(wanted.scale, 0) >= limit(present.scale, 0)))
  );
}
