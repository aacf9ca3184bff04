import type { CompiledSchema, OverflowReason } from '@pipeline/schema-inference';
import { columnOfLeaf, type MetColumn } from './column-of-leaf.js';
import { overflowWords, typeOf } from './overflow-words.js';
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
