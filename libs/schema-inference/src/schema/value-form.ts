import type { ColumnMode, ColumnType } from './column.js';

/**
 * The kind of check that a walk makes for a column's values. Numbers rather than strings, because the walk branches on
 * them once per member of each event and V8 compiles that to a jump table.
 */
export const VALUE_FORMS = {
  NEVER: 0,
  STRING: 1,
  INT64: 2,
  NUMERIC: 3,
  BOOL: 4,
  DATE: 5,
  DATETIME: 6,
  TIMESTAMP: 7,
  RECORD: 8,
  FLOAT64: 9,
  JSON: 10,
  REPEATED: 11,
} as const;
export type ValueForm = (typeof VALUE_FORMS)[keyof typeof VALUE_FORMS];

const FORM_OF_TYPE: ReadonlyMap<ColumnType, ValueForm> = new Map([
  ['STRING', VALUE_FORMS.STRING],
  ['INT64', VALUE_FORMS.INT64],
  ['NUMERIC', VALUE_FORMS.NUMERIC],
  ['BOOL', VALUE_FORMS.BOOL],
  ['DATE', VALUE_FORMS.DATE],
  ['DATETIME', VALUE_FORMS.DATETIME],
  ['TIMESTAMP', VALUE_FORMS.TIMESTAMP],
  ['RECORD', VALUE_FORMS.RECORD],
  ['FLOAT64', VALUE_FORMS.FLOAT64],
  ['JSON', VALUE_FORMS.JSON],
]);

/** Returns the form of a column's values; NEVER if only the exact tree can decide. */
export function valueFormOf(type: ColumnType, mode: ColumnMode): ValueForm {
  if (mode === 'REPEATED') return VALUE_FORMS.REPEATED;
  // An object without a scalar is no value for a REQUIRED record; the walk does not distinguish such objects.
  if (mode === 'REQUIRED' && (type === 'RECORD' || type === 'JSON')) return VALUE_FORMS.NEVER;
  return FORM_OF_TYPE.get(type) ?? VALUE_FORMS.NEVER;
}
