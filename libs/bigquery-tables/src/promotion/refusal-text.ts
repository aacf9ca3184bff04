import type { RetypePlan } from './plan-retype.js';

/** The reason that a column cannot be retyped, with the remedy, in one sentence. */
export function refusalText(
  { code }: Pick<Extract<RetypePlan, { kind: 'refused' }>, 'code'>,
  { table, column }: { readonly table: string; readonly column: string },
): string {
  switch (code) {
    case 'PIPELINE_COLUMN':
      return `${column} is a column of the pipeline: only columns of events can be retyped.`;
    case 'NO_SUCH_COLUMN':
      return `Table ${table} has no column ${column}: see pipeline tables ${table}.`;
    case 'KEY_UNKNOWN':
      return `The event key of ${column} is too long to be recorded, so its values cannot be moved.`;
    case 'IS_RECORD':
      return `${column} is a record: retype one of its fields, or the record to JSON.`;
    case 'TABLE_CLOSED':
      return `Table ${table} is closed and takes no new column: remove its label pipeline_schema first.`;
  }
}
