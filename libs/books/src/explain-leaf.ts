import type { CompiledSchema, OverflowReason } from '@pipeline/schema-inference';
import { columnOfLeaf, type MetColumn } from './column-of-leaf.js';
import type { RebuiltLeaf } from './rebuild-event.js';

/** The place of one value of an event, with the reason in words. */
export interface LeafExplanation {
  readonly pointer: string;
  /** JSON text of the value; null where the row has something that the event has not. */
  readonly json: string | null;
  readonly place: 'column' | 'overflow' | 'nowhere';
  /** Dotted path of the column that has it, or that it met on its way. */
  readonly column: string | null;
  readonly type: string | null;
  readonly reason: OverflowReason | null;
  /** Is the value in the row the one of the event? */
  readonly isExact: boolean;
  readonly words: string;
}

/** Says of a leaf where it is and why. Total: there are words for every case. */
export function explainLeaf(rebuilt: RebuiltLeaf, compiled: CompiledSchema): LeafExplanation {
  if (rebuilt.kind === 'invented') {
    const { pointer, column, reason } = rebuilt.found;
    return {
      pointer,
      json: null,
      place: column === null ? 'overflow' : 'column',
      column: column?.join('.') ?? null,
      type: null,
      reason,
      isExact: false,
      words: 'The row has a value here that the event does not have: it was altered after it was stored.',
    };
  }
  const { pointer, json } = rebuilt.leaf;
  const met = columnOfLeaf(pointer, compiled);
  const common = { pointer, json, column: met?.path.join('.') ?? null, type: typeOf(met) };
  if (rebuilt.kind === 'missing') {
    const words = 'The row does not have this value: it was altered after it was stored.';
    return { ...common, place: 'nowhere', reason: null, isExact: false, words };
  }
  const isExact = rebuilt.kind === 'same';
  const altered = isExact ? '' : ' The value there is another one than that of the event: it was altered.';
  const { column, reason } = rebuilt.found;
  if (column !== null) {
    const words = `${inColumnWords(column.join('.'), met, pointer)}${altered}`;
    return { ...common, column: column.join('.'), place: 'column', reason: null, isExact, words };
  }
  const words = `Kept exactly in _overflow. ${overflowWords(reason, met, json)}${altered}`;
  return { ...common, place: 'overflow', reason, isExact, words };
}

function typeOf(met: MetColumn | null): string | null {
  if (met === null) return null;
  return met.repeated ? `ARRAY<${met.type}>` : met.type;
}

function inColumnWords(column: string, met: MetColumn | null, pointer: string): string {
  const type = typeOf(met) ?? 'unknown type';
  if (met?.type === 'JSON') {
    const below = met.isWhole ? '' : `, as part of its JSON: ${queryHint(column, pointer)}`;
    return `In column ${column} (JSON)${below}.`;
  }
  return `In column ${column} (${type}).`;
}

/** An expression that reads a value inside a JSON column. */
function queryHint(column: string, pointer: string): string {
  return `JSON_VALUE(${column}, …) at ${pointer}`;
}

/** The reason for which a value is not in a column, in plain words. */
export function overflowWords(reason: OverflowReason | null, met: MetColumn | null, json: string): string {
  const column = met === null ? 'its column' : `column ${met.path.join('.')}`;
  const type = typeOf(met) ?? 'its type';
  switch (reason) {
    case 'NOT_UNICODE':
      return 'The text holds half a surrogate pair, which is no Unicode and which no BigQuery column can hold.';
    case 'SCHEMA_CLOSED':
      return `There is no room for it: the table or the record ${met === null ? '' : `${met.path.join('.')} `}is closed and takes no new columns and no wider types (a setting, the column budget, or 500 children of a record).`;
    case 'MIXED_ARRAY':
      return `The array holds values of different kinds, and ${column} is ${type}: an array is stored whole or not at all.`;
    case 'NULL_IN_ARRAY':
      return `The array holds null, which BigQuery refuses in an ARRAY: ${column} cannot take it.`;
    case 'OUT_OF_RANGE':
      return `It is written as a date, but its year is outside 0001 to 9999, so ${column} (${type}) cannot hold it.`;
    case 'TYPE_CONFLICT':
      return `It is ${kindOf(json)}, and ${column} holds ${type}. A column never changes to another kind, because that would break the queries that use it.`;
    case 'NOT_WIDENABLE':
      return `It needs a wider type than ${type}, and BigQuery cannot widen ${column} in place, because it is an array or inside one.`;
    case 'NUMBER_NOT_REPRESENTABLE':
      return `No type that ${column} could have holds this number digit for digit; the literal is kept as it was written.`;
    case 'AWAITING_COLUMN':
      return 'The column was missing or too narrow when the row was written; later events use the column.';
    case null:
      return 'The overflow gives no reason that this version knows.';
  }
}

function kindOf(json: string): string {
  if (json.startsWith('"')) return 'text';
  if (json === 'true' || json === 'false') return 'true or false';
  return 'a number';
}
