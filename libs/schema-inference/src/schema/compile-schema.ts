import {
  isPipelineColumn,
  verbsOf,
  type ChangeVerb,
  type Column,
  type ColumnMode,
  type ColumnType,
  type TableSchema,
  type TypeParameters,
} from './column.js';
import { countDataChildren, hasDataChildren, isDataChild } from './data-keys.js';
import { readNote } from './description.js';
import { fieldTag } from './wire-form.js';
import { pipelineTags, type PipelineTags } from './pipeline-tags.js';
import { DEFAULT_LIMITS, type Limits } from './limits.js';
import { layOutMembers, type MemberLayout } from './member-layout.js';
import { VALUE_FORMS, valueFormOf, type ValueForm } from './value-form.js';
import { sha256Hex } from '../values/sha256.js';
import type { RecordShape, Shape } from './shape.js';

/** One column, prepared for comparing values. */
export interface CompiledColumn {
  readonly name: string;
  /** The event key; its SHA-256 where only that is known. */
  readonly key: string;
  /** Characters that a member with this key adds to a compact text besides its value: quotes, colon, separator. */
  readonly keyLength: number;
  /** Its place among `columns` of its record; −1 if it is not there. */
  index: number;
  /** The tag of its field in protocol buffers. */
  readonly fieldTag: number;
  readonly type: ColumnType;
  readonly mode: ColumnMode;
  /** Null for a type without parameters. */
  readonly parameters: TypeParameters | null;
  /** A STRING column that takes numbers as text. */
  readonly takesNumbersAsText: boolean;
  /** The children of a RECORD. */
  readonly record: CompiledRecord | null;
  /** False inside a REPEATED RECORD and for a REPEATED column: BigQuery cannot widen those in place. */
  readonly canWiden: boolean;
  readonly valueForm: ValueForm;
  readonly elementForm: ValueForm;
  /** True if its value in a row is the value of the parsed event. */
  readonly isSameInRow: boolean;
  /** True for a column that is not in the table yet. */
  readonly isCandidate: boolean;
  /** The verb for a wider type. */
  readonly typeChanges: ChangeVerb;
}

/** The children of the table or of a RECORD, by event key. */
export interface CompiledRecord {
  /** The columns whose key is known, in the table's order; without `__proto__`, which every object seems to have. */
  readonly columns: readonly CompiledColumn[];
  /** Of `columns`, for comparing bytes. */
  readonly layout: MemberLayout;
  readonly byKey: ReadonlyMap<string, CompiledColumn>;
  /** Columns whose key is only known by its SHA-256; null when there are none. */
  readonly byKeySha256: ReadonlyMap<string, CompiledColumn> | null;
  /** REQUIRED children: what a row may not leave out. */
  readonly required: readonly CompiledColumn[];
  readonly childCount: number;
  /** Children whose keys are data. */
  readonly dataChildCount: number;
  /** Takes no new children: closed by its description, or full. */
  readonly isClosed: boolean;
  /** The verb for new children. */
  readonly newColumns: ChangeVerb;
  /** RECORD level: 0 for the table itself. */
  readonly depth: number;
  /** The way to turn a parsed object that fits into a row. */
  readonly rowMaking: RowMaking;
  /** The columns whose values have another form in a row. */
  readonly converted: readonly CompiledColumn[];
}

/**
 * `same`: the parsed object is the row; `converted`: the same names with some values in another form; `renamed`: some
 * columns are not named as their keys are.
 */
export type RowMaking = 'same' | 'converted' | 'renamed';

/** A schema prepared for `fit`; compile one per version of a table and cache it. */
export interface CompiledSchema {
  readonly schema: TableSchema;
  readonly limits: Limits;
  readonly root: CompiledRecord;
  /** Null if the table has not the pipeline's columns as the pipeline makes them. */
  readonly pipelineTags: PipelineTags | null;
  /** True if the table takes no additions and no widening: by its label, or because it has too many columns. */
  readonly isClosed: boolean;
  /** Leaf columns, the pipeline's own included. */
  readonly leafCount: number;
}

/**
 * Prepares a table's schema for `fit`. Accepts any schema BigQuery can report.
 *
 * Cost: linear in the number of columns; do it once per version of the table, not per event.
 */
export function compileSchema(schema: TableSchema, limits?: Partial<Limits>): CompiledSchema {
  const all: Limits = { ...DEFAULT_LIMITS, ...limits };
  const leafCount = countLeaves(schema.columns);
  const columns = numbered(schema.columns).filter(({ column }) => !isPipelineColumn(column.name));
  return {
    schema,
    limits: all,
    root: compileRecord(columns, {
      depth: 0,
      canWiden: true,
      isClosed: false,
      limits: all,
      ignoresVerbs: schema.ignoresVerbs === true,
      ...verbsOf(schema),
    }),
    pipelineTags: pipelineTags(schema.columns),
    isClosed: schema.closed || leafCount >= all.maxLeafColumns,
    leafCount,
  };
}

/** The key of retired columns: no event that is accepted has it, because half a surrogate pair is no Unicode. */
const NO_EVENT_KEY = '\ud800';

/** Two quotes, a colon, and a comma or brace. */
const KEY_PUNCTUATION = 4;

interface RecordContext {
  readonly depth: number;
  readonly canWiden: boolean;
  readonly isClosed: boolean;
  readonly limits: Limits;
  readonly newColumns: ChangeVerb;
  readonly typeChanges: ChangeVerb;
  readonly ignoresVerbs: boolean;
}

/** A column and its place among all columns of its record, the pipeline's own included. */
interface NumberedColumn {
  readonly column: Column;
  readonly position: number;
}

function numbered(columns: readonly Column[]): readonly NumberedColumn[] {
  return columns.map((column, position) => ({ column, position }));
}

function compileRecord(columns: readonly NumberedColumn[], context: RecordContext): CompiledRecord {
  const byKey = new Map<string, CompiledColumn>();
  const byKeySha256 = new Map<string, CompiledColumn>();
  const all: CompiledColumn[] = [];
  const unnoted: CompiledColumn[] = [];
  const required: CompiledColumn[] = [];
  for (const { column, position } of columns) {
    const compiled = compileColumn(column, position, context);
    all.push(compiled);
    if (compiled.mode === 'REQUIRED') required.push(compiled);
    const note = readNote(column.description);
    // A retired column is read, never written.
    if (note.retired === true) continue;
    if (note.key !== undefined) setIfAbsent(byKey, compiled);
    else if (note.keySha256 !== undefined) setIfAbsent(byKeySha256, compiled);
    else unnoted.push(compiled);
  }
  for (const compiled of unnoted) setIfAbsent(byKey, compiled);
  const known = new Set(byKey.values());
  const dataChildCount = context.depth === 0 ? 0 : countDataChildren(columns.map(({ column }) => column));
  const isFull =
    columns.length >= context.limits.maxRecordChildren || hasDataChildren(columns.length, dataChildCount);
  const keyed = all.filter((column) => known.has(column) && column.key !== '__proto__');
  for (const [index, column] of keyed.entries()) column.index = index;
  return {
    columns: keyed,
    layout: layOutMembers(keyed),
    rowMaking: byKey.has('__proto__') ? 'renamed' : rowMakingOf(keyed),
    converted: keyed.filter((column) => !column.isSameInRow),
    byKey,
    byKeySha256: byKeySha256.size === 0 ? null : byKeySha256,
    required,
    childCount: columns.length,
    dataChildCount,
    isClosed: context.isClosed || (context.depth > 0 && isFull),
    newColumns: context.newColumns,
    depth: context.depth,
  };
}

function compileColumn(column: Column, position: number, context: RecordContext): CompiledColumn {
  const canWiden = context.canWiden && column.mode !== 'REPEATED';
  const note = readNote(column.description);
  const isClosed = note.closed === true;
  const { limits, ignoresVerbs } = context;
  const { newColumns = context.newColumns, typeChanges = context.typeChanges } = ignoresVerbs
    ? context
    : note;
  const inner: RecordContext = {
    depth: context.depth + 1,
    canWiden,
    isClosed,
    limits,
    newColumns,
    typeChanges,
    ignoresVerbs,
  };
  const record = column.type === 'RECORD' ? compileRecord(numbered(column.columns ?? []), inner) : null;
  const parameters = parametersOf(column);
  const key = note.retired === true ? NO_EVENT_KEY : internalized(note.key ?? note.keySha256 ?? column.name);
  return {
    name: column.name,
    key,
    keyLength: key.length + KEY_PUNCTUATION,
    index: -1,
    fieldTag: fieldTag(column, position),
    type: column.type,
    mode: column.mode,
    parameters,
    takesNumbersAsText: column.type === 'STRING' && note.numbersAsText === true,
    record,
    // Parameters are checked on the exact tree only: tables made by hand are rare.
    valueForm: parameters === null ? valueFormOf(column.type, column.mode) : VALUE_FORMS.NEVER,
    elementForm: parameters === null ? valueFormOf(column.type, 'NULLABLE') : VALUE_FORMS.NEVER,
    isSameInRow: record === null ? SAME_IN_ROW.has(column.type) : record.rowMaking === 'same',
    canWiden: canWiden && parameters === null,
    isCandidate: false,
    typeChanges,
  };
}

function parametersOf({ maxLength, precision, scale }: Column): TypeParameters | null {
  if (maxLength === undefined && precision === undefined) return null;
  return {
    ...(maxLength === undefined ? {} : { maxLength }),
    ...(precision === undefined ? {} : { precision }),
    ...(scale === undefined ? {} : { scale }),
  };
}

/** Returns the string in V8's internalized form, so that comparing it with a property name compares addresses. */
function internalized(key: string): string {
  return Object.keys({ [key]: 0 })[0] ?? key;
}

function setIfAbsent(map: Map<string, CompiledColumn>, column: CompiledColumn): void {
  if (!map.has(column.key)) map.set(column.key, column);
}

const SAME_IN_ROW: ReadonlySet<ColumnType> = new Set([
  'BOOL',
  'INT64',
  'FLOAT64',
  'STRING',
  'DATE',
  'DATETIME',
  'TIMESTAMP',
]);

function rowMakingOf(columns: readonly CompiledColumn[]): RowMaking {
  if (columns.some((column) => column.name !== column.key)) return 'renamed';
  const isSame = columns.every((column) => column.isSameInRow);
  return isSame ? 'same' : 'converted';
}

/** The column that an event key belongs to, if any. */
export function columnOfKey(record: CompiledRecord, key: string): CompiledColumn | undefined {
  const column = record.byKey.get(key);
  if (column !== undefined || record.byKeySha256 === null) return column;
  return record.byKeySha256.get(sha256Hex(key));
}

/** Compiles a candidate column, so that values are compared with it by the rules of existing columns. */
export function compileShape(key: string, shape: Shape, depth: number, maxChildren: number): CompiledColumn {
  return {
    name: key,
    key,
    keyLength: key.length + KEY_PUNCTUATION,
    index: -1,
    fieldTag: 0,
    valueForm: VALUE_FORMS.NEVER,
    elementForm: VALUE_FORMS.NEVER,
    isSameInRow: false,
    type: shape.type,
    mode: shape.repeated ? 'REPEATED' : 'NULLABLE',
    parameters: null,
    takesNumbersAsText: false,
    record: shape.type === 'RECORD' ? compileRecordShape(shape, depth, maxChildren) : null,
    canWiden: false,
    isCandidate: true,
    typeChanges: 'evolve',
  };
}

const NO_MEMBERS = layOutMembers([]);

function compileRecordShape(shape: RecordShape, depth: number, maxChildren: number): CompiledRecord {
  const byKey = new Map<string, CompiledColumn>();
  let dataChildCount = 0;
  for (const [key, field] of shape.fields) {
    if (byKey.size >= maxChildren || hasDataChildren(byKey.size, dataChildCount)) break;
    byKey.set(key, compileShape(key, field, depth + 1, maxChildren));
    if (isDataChild(key)) dataChildCount++;
  }
  const isClosed = shape.fields.size > byKey.size;
  return {
    columns: [],
    layout: NO_MEMBERS,
    rowMaking: 'converted',
    converted: [],
    byKey,
    byKeySha256: null,
    required: [],
    childCount: byKey.size,
    dataChildCount,
    isClosed,
    newColumns: 'evolve',
    depth,
  };
}

/** Columns that hold values: everything but RECORDs. */
export function countLeaves(columns: readonly Column[]): number {
  return columns.reduce(
    (sum, column) => sum + (column.type === 'RECORD' ? countLeaves(column.columns ?? []) : 1),
    0,
  );
}
