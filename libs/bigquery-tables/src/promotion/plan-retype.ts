import {
  isPipelineColumn,
  peopleText,
  readNote,
  writeDescription,
  type Column,
  type ColumnType,
  type TableSchema,
} from '@pipeline/schema-inference';
import { withoutOrigins } from '../schema-changes/origin.js';
import {
  isRetired,
  isSameName,
  keyOf,
  nameBefore,
  retypedColumns,
  versionName,
} from '../schema-changes/retyped-columns.js';

/** The wanted type of a column, or of a field by its path. */
export interface RetypeWish {
  /** Names of columns from the table down; the column that replaced one of that name counts as it. */
  readonly path: readonly string[];
  readonly type: ColumnType;
  readonly isRepeated: boolean;
  /** With STRING: numbers become their text. */
  readonly numbersAsText: boolean;
}

/**
 * `begin`: the table needs `schema`. `continue`: it has both columns, and values may still move. `done`: the column has the type
 * and replaced none. `refused`: no retype of this column; `names` are those there are, for `NO_SUCH_COLUMN`.
 */
export type RetypePlan =
  | {
      readonly kind: 'begin';
      readonly retired: string;
      readonly added: string;
      readonly schema: TableSchema;
    }
  | { readonly kind: 'continue'; readonly retired: string; readonly added: string }
  | { readonly kind: 'done' }
  | { readonly kind: 'refused'; readonly code: RetypeRefusal; readonly names: readonly string[] };

/** `KEY_UNKNOWN`: the event key is recorded by its hash only. `IS_RECORD`: only its fields have types. */
export type RetypeRefusal =
  'PIPELINE_COLUMN' | 'NO_SUCH_COLUMN' | 'KEY_UNKNOWN' | 'IS_RECORD' | 'TABLE_CLOSED';

/** Names that BigQuery takes for types of columns that event values fit, in GoogleSQL and in the API. */
const TYPE_NAMES: ReadonlyMap<string, ColumnType> = new Map([
  ['BOOL', 'BOOL'],
  ['BOOLEAN', 'BOOL'],
  ['INT64', 'INT64'],
  ['INTEGER', 'INT64'],
  ['NUMERIC', 'NUMERIC'],
  ['DECIMAL', 'NUMERIC'],
  ['BIGNUMERIC', 'BIGNUMERIC'],
  ['BIGDECIMAL', 'BIGNUMERIC'],
  ['FLOAT64', 'FLOAT64'],
  ['FLOAT', 'FLOAT64'],
  ['STRING', 'STRING'],
  ['DATE', 'DATE'],
  ['DATETIME', 'DATETIME'],
  ['TIMESTAMP', 'TIMESTAMP'],
  ['JSON', 'JSON'],
]);

/** The types that a column can be given, as GoogleSQL names them. */
export const RETYPE_TYPES: readonly string[] = [...new Set(TYPE_NAMES.values())];

/** Parses `NUMERIC` or `ARRAY<STRING>`, in any case; null for anything else. */
export function parseRetypeType(text: string): Pick<RetypeWish, 'type' | 'isRepeated'> | null {
  const upper = text.trim().toUpperCase();
  const element = /^ARRAY<(\w+)>$/.exec(upper)?.[1];
  const type = TYPE_NAMES.get(element ?? upper);
  return type === undefined ? null : { type, isRepeated: element !== undefined };
}

/**
 * Plans one change of metadata: the top-level column is marked as retired, and a new one takes its event key.
 *
 * Shape: `price INT64` and the wish NUMERIC → `price INT64` with `{"key":"price","retired":true}` and `price__v2 NUMERIC` with
 * `{"key":"price"}`. A field of a record gives the record a new column with the other fields as they are. Pure.
 */
export function planRetype(schema: TableSchema, wish: RetypeWish): RetypePlan {
  const [name = '', ...inner] = wish.path;
  if (isPipelineColumn(name)) return refused('PIPELINE_COLUMN');
  const named = findColumn(schema.columns, name) ?? activeOf(schema, name);
  if (named === undefined) return refused('NO_SUCH_COLUMN', eventNames(schema));
  const key = keyOf(named);
  if (key === null) return refused('KEY_UNKNOWN');
  const holders = schema.columns.filter((column) => keyOf(column) === key && !isPipelineColumn(column.name));
  const active = holders.find((column) => !isRetired(column)) ?? named;
  const retyped = retypeIn(active, inner, wish);
  if (typeof retyped === 'string') return refused(retyped, namesIn(active));
  const retired = holders.filter((column) => isRetired(column)).at(-1);
  if (retyped === active) {
    return retired === undefined
      ? { kind: 'done' }
      : { kind: 'continue', retired: retired.name, added: active.name };
  }
  if (schema.closed) return refused('TABLE_CLOSED');
  const added = {
    ...withoutItsOrigins(retyped),
    name: versionName(schema, nameBefore(active)),
    description: noted(withoutItsOrigins(active), {
      key,
      ...(retyped.type === 'RECORD' && isClosed(active) ? { closed: true } : {}),
      ...(wish.numbersAsText && inner.length === 0 ? { numbersAsText: true } : {}),
      ...verbsOf(active),
    }),
  };
  const columns = schema.columns.map((column) =>
    column === active ? { ...column, description: noted(column, { key, retired: true }) } : column,
  );
  return {
    kind: 'begin',
    retired: active.name,
    added: added.name,
    schema: { ...schema, columns: [...columns, added] },
  };
}

/** The column that readers see under this name, while the retype that gave it another name has not ended. */
function activeOf(schema: TableSchema, name: string): Column | undefined {
  return retypedColumns(schema).find((retyped) => isSameName(retyped.name, name))?.active;
}

function refused(code: RetypeRefusal, names: readonly string[] = []): RetypePlan {
  return { kind: 'refused', code, names };
}

/** Returns the column with the wanted type at the path, itself if it has that type, or the refusal. */
function retypeIn(column: Column, path: readonly string[], wish: RetypeWish): Column | RetypeRefusal {
  const [name, ...inner] = path;
  if (name === undefined) return retypeLeaf(column, wish);
  const child = findColumn(column.columns ?? [], name);
  if (child === undefined) return 'NO_SUCH_COLUMN';
  const retyped = retypeIn(child, inner, wish);
  if (typeof retyped === 'string' || retyped === child) return typeof retyped === 'string' ? retyped : column;
  return { ...column, columns: (column.columns ?? []).map((other) => (other === child ? retyped : other)) };
}

function retypeLeaf(column: Column, { type, isRepeated, numbersAsText }: RetypeWish): Column | RetypeRefusal {
  if (column.type === 'RECORD' && type !== 'JSON' && type !== 'STRING') return 'IS_RECORD';
  const mode = isRepeated ? 'REPEATED' : 'NULLABLE';
  const takesText = readNote(column.description).numbersAsText === true;
  const isSame = column.type === type && (column.mode === 'REPEATED') === isRepeated;
  if (isSame && (!numbersAsText || takesText)) return column;
  const { key, keySha256 } = readNote(column.description);
  const note = {
    ...(key === undefined ? {} : { key }),
    ...(keySha256 === undefined ? {} : { keySha256 }),
    ...(numbersAsText ? { numbersAsText: true as const } : {}),
    ...verbsOf(column),
  };
  const description = writeDescription(peopleText(column.description), note);
  return { name: column.name, type, mode, ...(description === undefined ? {} : { description }) };
}

/** The sentences about the origin of a column are about the retired one. */
function withoutItsOrigins(column: Column): Column {
  const { description, columns, ...rest } = column;
  const text = withoutOrigins(description);
  return {
    ...rest,
    ...(text === undefined ? {} : { description: text }),
    ...(columns === undefined ? {} : { columns: columns.map(withoutItsOrigins) }),
  };
}

type Note = Parameters<typeof writeDescription>[1];

function noted({ description }: Column, note: Note): string {
  return writeDescription(peopleText(description), note) ?? '';
}

function findColumn(columns: readonly Column[], name: string): Column | undefined {
  return columns.find((column) => isSameName(column.name, name));
}

/** The verbs of a contract, which hold for the replacement of the column too. */
function verbsOf({ description }: Column): Pick<Note, 'newColumns' | 'typeChanges'> {
  const { newColumns, typeChanges } = readNote(description);
  return {
    ...(newColumns === undefined ? {} : { newColumns }),
    ...(typeChanges === undefined ? {} : { typeChanges }),
  };
}

function isClosed({ description }: Column): boolean {
  return readNote(description).closed === true;
}

function eventNames({ columns }: TableSchema): readonly string[] {
  return columns.map(({ name }) => name).filter((name) => !isPipelineColumn(name));
}

function namesIn(column: Column): readonly string[] {
  return (column.columns ?? []).map(({ name }) => `${column.name}.${name}`);
}
