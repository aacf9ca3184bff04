import type { Field, FieldMode, FieldType } from '../rules/field-schema.js';

/** A column for specs; NULLABLE by default. */
export function field(name: string, type: FieldType, mode: FieldMode = 'NULLABLE'): Field {
  return { name, type, mode };
}

/** A RECORD column for specs. */
export function record(name: string, fields: readonly Field[], mode: FieldMode = 'NULLABLE'): Field {
  return { name, type: 'RECORD', mode, fields };
}
