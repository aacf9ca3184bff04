import type { ColumnMode, ColumnType } from './column.js';

/**
 * How a plain walk looks at the values of a column. Numbers, not words: the walk branches on them once for each member
 * of each event, and a jump table is what that becomes.
 */
export const PLAIN_FORMS = {
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
export type PlainForm = (typeof PLAIN_FORMS)[keyof typeof PLAIN_FORMS];

const FORM_OF_TYPE: ReadonlyMap<ColumnType, PlainForm> = new Map([
  ['STRING', PLAIN_FORMS.STRING],
  ['INT64', PLAIN_FORMS.INT64],
  ['NUMERIC', PLAIN_FORMS.NUMERIC],
  ['BOOL', PLAIN_FORMS.BOOL],
  ['DATE', PLAIN_FORMS.DATE],
  ['DATETIME', PLAIN_FORMS.DATETIME],
  ['TIMESTAMP', PLAIN_FORMS.TIMESTAMP],
  ['RECORD', PLAIN_FORMS.RECORD],
  ['FLOAT64', PLAIN_FORMS.FLOAT64],
  ['JSON', PLAIN_FORMS.JSON],
]);

/** The form of a column's values; NEVER where only the exact tree can tell. */
export function plainFormOf(type: ColumnType, mode: ColumnMode): PlainForm {
  if (mode === 'REPEATED') return PLAIN_FORMS.REPEATED;
  // An object without a scalar is no value for a REQUIRED record; the walk does not tell such objects from others.
  if (mode === 'REQUIRED' && (type === 'RECORD' || type === 'JSON')) return PLAIN_FORMS.NEVER;
  return FORM_OF_TYPE.get(type) ?? PLAIN_FORMS.NEVER;
}
