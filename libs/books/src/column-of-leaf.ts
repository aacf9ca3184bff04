import type { Column, ColumnType, CompiledSchema, TableSchema } from '@pipeline/schema-inference';
import { createHash } from 'node:crypto';
import { stepsOf } from './pointer.js';

/** The column at a path of names. */
export function columnOfPath(path: readonly string[], schema: TableSchema): Column | undefined {
  let columns: readonly Column[] | undefined = schema.columns;
  let column: Column | undefined;
  for (const name of path) {
    column = columns?.find((candidate) => candidate.name === name);
    columns = column?.columns;
  }
  return column;
}

/** The column that a leaf meets on its way: the deepest one of its pointer that exists, with the path of names to it. */
export interface MetColumn {
  readonly path: readonly string[];
  readonly type: ColumnType;
  /** Null for a type without parameters. */
  readonly parameters: CompiledColumn['parameters'];
  readonly takesNumbersAsText: boolean;
  readonly repeated: boolean;
  /** Is the leaf itself that column, or an element of it, and not something below it that has no column? */
  readonly isWhole: boolean;
  /** Is the leaf an element of the array that the column holds? */
  readonly isElement: boolean;
  /** Is the leaf inside an object or array for which the column has no place? */
  readonly isBelow: boolean;
}

type CompiledColumn = CompiledSchema['root']['columns'][number];

/** Follows an event's pointer through a schema; null where not even its first key has a column. */
export function columnOfLeaf(pointer: string, compiled: CompiledSchema): MetColumn | null {
  const path: string[] = [];
  let record: CompiledSchema['root'] | null = compiled.root;
  let met: CompiledColumn | null = null;
  let isWhole = false;
  let isElement = false;
  for (const step of stepsOf(pointer)) {
    if (met?.mode === 'REPEATED' && isWhole && /^\d+$/.test(step)) {
      isElement = true;
      continue;
    }
    const column: CompiledColumn | undefined = record === null ? undefined : columnOfKey(record, step);
    isWhole = column !== undefined;
    isElement = false;
    if (column === undefined) break;
    met = column;
    path.push(column.name);
    record = column.record;
  }
  if (met === null) return null;
  const { type, parameters, takesNumbersAsText } = met;
  const isRecord = type === 'RECORD';
  const found = { path, type, parameters, takesNumbersAsText, repeated: met.mode === 'REPEATED', isElement };
  return { ...found, isWhole: isWhole && !isRecord, isBelow: !isWhole && !isRecord && type !== 'JSON' };
}

function columnOfKey(record: CompiledSchema['root'], key: string): CompiledColumn | undefined {
  const column = record.byKey.get(key);
  if (column !== undefined || record.byKeySha256 === null) return column;
  return record.byKeySha256.get(createHash('sha256').update(key).digest('hex'));
}
