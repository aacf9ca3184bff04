import {
  isPipelineColumn,
  isWidening,
  peopleText,
  readNote,
  wider,
  writeDescription,
  type ChangeVerb,
  type Column,
  type PipelineNote,
  type TableSchema,
} from '@pipeline/schema-inference';
import { columnsByName } from '../rows/columns-by-name.js';
import { typeText } from '../schema-changes/change-record.js';

/** One column as a contract declares it. */
export interface DeclaredColumn extends Omit<Column, 'description' | 'columns'> {
  readonly key?: string;
  readonly newColumns?: ChangeVerb;
  readonly typeChanges?: ChangeVerb;
  readonly columns?: readonly DeclaredColumn[];
}

/** The part of a contract that is written into its table. */
export interface DeclaredTable {
  readonly newColumns: ChangeVerb;
  readonly typeChanges: ChangeVerb;
  readonly columns: readonly DeclaredColumn[];
}

/**
 * One step of applying a contract; paths are column names joined by dots.
 *
 * `create`: the table does not exist, and its contract approves its event types; `verb`: the verb of the table (path empty), a record
 * or a column; `add` and `widen` change the table; `conflict`: the types differ and no widening joins them, so that nothing is done:
 * see `retype`.
 */
export type ContractStep =
  | { readonly kind: 'create'; readonly path: '' }
  | {
      readonly kind: 'verb';
      readonly path: string;
      readonly name: 'newColumns' | 'typeChanges';
      readonly from: ChangeVerb | null;
      readonly to: ChangeVerb | null;
    }
  | { readonly kind: 'add'; readonly path: string; readonly type: string }
  | {
      readonly kind: 'widen' | 'conflict';
      readonly path: string;
      readonly from: string;
      readonly to: string;
    };

/** The steps from a table to its contract, and the table after them. */
export interface ContractPlan {
  readonly steps: readonly ContractStep[];
  readonly schema: TableSchema;
}

const VERBS = ['newColumns', 'typeChanges'] as const;

/** Plans what brings a table to its contract. Pure; a second plan, after the first was made, has no step but conflicts. */
export function planContract(schema: TableSchema, declared: DeclaredTable): ContractPlan {
  const steps: ContractStep[] = [];
  for (const name of VERBS) {
    const from = schema[name] ?? 'evolve';
    if (from !== declared[name]) steps.push({ kind: 'verb', path: '', name, from, to: declared[name] });
  }
  const columns = planColumns(schema.columns, declared.columns, { path: '', canWiden: true, steps });
  const { newColumns, typeChanges } = declared;
  return { steps, schema: { ...schema, newColumns, typeChanges, columns } };
}

interface Place {
  readonly path: string;
  readonly canWiden: boolean;
  readonly steps: ContractStep[];
}

function planColumns(
  columns: readonly Column[],
  declared: readonly DeclaredColumn[],
  { path, canWiden, steps }: Place,
): readonly Column[] {
  const wanted = columnsByName(declared);
  const planned = columns.map((column) => {
    const own = wanted.get(column.name.toLowerCase());
    wanted.delete(column.name.toLowerCase());
    const isHidden = path === '' && isPipelineColumn(column.name);
    if (isHidden || readNote(column.description).retired === true) return column;
    return planColumn(column, own, { path: join(path, column.name), canWiden, steps });
  });
  const added = [...wanted.values()].map((column) => {
    steps.push({ kind: 'add', path: join(path, column.name), type: typeText(column) });
    return toColumn(column);
  });
  return [...planned, ...added];
}

function planColumn(column: Column, declared: DeclaredColumn | undefined, place: Place): Column {
  const { path, steps } = place;
  const canWiden = place.canWiden && column.mode !== 'REPEATED';
  const noted = withVerbs(column, declared, place);
  if (column.type === 'RECORD') {
    const isRecord = declared === undefined || declaredText(column) === declaredText(declared);
    if (!isRecord) steps.push({ kind: 'conflict', path, from: typeText(column), to: typeText(declared) });
    const fields = isRecord ? (declared?.columns ?? []) : [];
    return { ...noted, columns: planColumns(column.columns ?? [], fields, { path, canWiden, steps }) };
  }
  if (declared === undefined || declaredText(column) === declaredText(declared)) return noted;
  const isWide =
    canWiden && isWidening(column.type) && isWidening(declared.type) && declared.mode !== 'REPEATED';
  const widens =
    isWide && column.precision === undefined && wider(column.type, declared.type) === declared.type;
  steps.push({ kind: widens ? 'widen' : 'conflict', path, from: typeText(column), to: typeText(declared) });
  return widens ? { ...noted, type: declared.type } : noted;
}

/** The verbs of a column are those of the contract: none there, none here. */
function withVerbs(column: Column, declared: DeclaredColumn | undefined, { path, steps }: Place): Column {
  const { newColumns, typeChanges, ...rest } = readNote(column.description);
  const before = { newColumns, typeChanges };
  const after = { newColumns: declared?.newColumns, typeChanges: declared?.typeChanges };
  const changed = VERBS.filter((name) => before[name] !== after[name]);
  for (const name of changed)
    steps.push({ kind: 'verb', path, name, from: before[name] ?? null, to: after[name] ?? null });
  if (changed.length === 0) return column;
  const { description, ...others } = column;
  // An empty text and not none: a patch keeps a description that is left out.
  return {
    ...others,
    description: writeDescription(peopleText(description), { ...rest, ...verbsOf(declared) }) ?? '',
  };
}

function verbsOf(declared: DeclaredColumn | undefined): PipelineNote {
  return {
    ...(declared?.newColumns === undefined ? {} : { newColumns: declared.newColumns }),
    ...(declared?.typeChanges === undefined ? {} : { typeChanges: declared.typeChanges }),
  };
}

function toColumn(declared: DeclaredColumn): Column {
  const { name, type, mode, maxLength, precision, scale, key, columns } = declared;
  const note = { ...(key === undefined || key === name ? {} : { key }), ...verbsOf(declared) };
  const description = writeDescription('', note);
  return {
    name,
    type,
    mode,
    ...(maxLength === undefined ? {} : { maxLength }),
    ...(precision === undefined ? {} : { precision }),
    ...(scale === undefined ? {} : { scale }),
    ...(description === undefined ? {} : { description }),
    ...(type === 'RECORD' ? { columns: (columns ?? []).map(toColumn) } : {}),
  };
}

/** A type without NOT NULL: a contract's `required` is a check on values and no mode. */
function declaredText({ type, mode }: Pick<Column, 'type' | 'mode'>): string {
  return typeText({ type, mode: mode === 'REQUIRED' ? 'NULLABLE' : mode });
}

function join(path: string, name: string): string {
  return path === '' ? name : `${path}.${name}`;
}
