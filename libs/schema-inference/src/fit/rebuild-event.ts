import { isArrayIndex } from '../values/large-text.js';
import { readNote } from '../schema/description.js';
import { isPipelineColumn, type Column, type TableSchema } from '../schema/column.js';
import type { JsonNode } from '../values/json-tree.js';
import { readJsonTree } from '../values/read-json-tree.js';
import type { JsonValue } from '../values/row.js';
import { isUnfittable, scalarJson, valueOf } from './explain.js';

type RowValues = Readonly<Record<string, JsonValue>>;

/** A value of the event that is put together: JSON text, or a container that takes further members. */
type Part = string | ObjectPart | ArrayPart;
interface ObjectPart {
  readonly kind: 'object';
  readonly members: Map<string, Part>;
}
interface ArrayPart {
  readonly kind: 'array';
  readonly elements: Part[];
}

/**
 * Rebuilds the JSON text of an event from its row and its `_overflow`, by the rule of `explain`.
 *
 * The text has the event's values at their places; `null`, `[]`, `{}`, spellings and the order of keys are not kept. A key
 * known only by its hash cannot be rebuilt: its columns are left out, and `refit` leaves them as they are.
 */
export function rebuildEventText(row: RowValues, schema: TableSchema): string {
  const root: ObjectPart = { kind: 'object', members: new Map() };
  addColumns(root, row, eventColumns(schema));
  const overflow = Object.hasOwn(row, '_overflow') ? row['_overflow'] : null;
  if (typeof overflow === 'string') addOverflow(root, overflow, eventColumns(schema));
  return write(root);
}

/** The columns of a table that hold values of events. */
export function eventColumns(schema: TableSchema): readonly Column[] {
  return schema.columns.filter(({ name }) => !isPipelineColumn(name));
}

/** True if the values of a column take part in rebuilding: their key is known, and events can have values of its type. */
export function isRebuilt(column: Column): boolean {
  return keyOf(column) !== null && !isUnfittable(column);
}

function keyOf({ name, description }: Column): string | null {
  const { key, keySha256 } = readNote(description);
  return key ?? (keySha256 === undefined ? name : null);
}

function addColumns(part: ObjectPart, row: RowValues, columns: readonly Column[]): void {
  // Retired columns first, so that the value of the column that replaced one wins.
  const ordered = [...columns].sort((left, right) => Number(isRetired(right)) - Number(isRetired(left)));
  for (const column of ordered) {
    const key = keyOf(column);
    const value = valueOf(row, column);
    if (key === null || value === null || isUnfittable(column)) continue;
    part.members.set(key, columnPart(value, column));
  }
}

function isRetired({ description }: Column): boolean {
  return readNote(description).retired === true;
}

function columnPart(value: JsonValue, column: Column): Part {
  if (column.mode !== 'REPEATED' || !Array.isArray(value)) return onePart(value, column);
  const elements = (value as readonly JsonValue[]).map((element) => onePart(element, column));
  return { kind: 'array', elements };
}

function onePart(value: JsonValue, column: Column): Part {
  if (column.type === 'RECORD') {
    const part: ObjectPart = { kind: 'object', members: new Map() };
    if (typeof value === 'object' && value !== null)
      addColumns(part, value as RowValues, column.columns ?? []);
    return part;
  }
  return column.type === 'JSON' && typeof value === 'string' ? value : scalarJson(value, column);
}

function addOverflow(root: ObjectPart, text: string, columns: readonly Column[]): void {
  const { root: overflow } = readJsonTree(text);
  if (overflow.kind !== 'object') return;
  for (const { key: pointer, value: entry } of overflow.members) {
    const json = entryJson(entry, text);
    if (json === null || !pointer.startsWith('/')) continue;
    const steps = pointer
      .slice(1)
      .split('/')
      .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
    put(root, steps, json, columns);
  }
}

function entryJson(entry: JsonNode, text: string): string | null {
  if (entry.kind !== 'object') return null;
  for (const { key, value } of entry.members) {
    if (key === 'literal' && value.kind === 'string') return value.value;
    if (key === 'value') return text.slice(value.start, value.end);
  }
  return null;
}

/** Puts JSON text at a path; containers on the way are made. `columns` are those of the record that the path begins in. */
function put(root: ObjectPart, steps: readonly string[], json: string, columns: readonly Column[]): void {
  let part: ObjectPart | ArrayPart = root;
  let known: readonly Column[] = columns;
  for (const [depth, step] of steps.entries()) {
    const matched: readonly Column[] =
      part.kind === 'object' ? known.filter((column) => keyOf(column) === step) : [];
    if (part.kind === 'object') known = matched.flatMap(childrenOf);
    const isRepeated = matched.length > 0 && matched.every(({ mode }) => mode === 'REPEATED');
    const next = steps[depth + 1];
    const present = childOf(part, step);
    if (next === undefined) setChild(part, step, json);
    else if (typeof present === 'object') part = present;
    else part = setChild(part, step, container(steps.slice(depth + 1), isRepeated ? [] : known));
  }
}

function childrenOf(column: Column): readonly Column[] {
  return column.columns ?? [];
}

/**
 * A step like an index is one if a field of the element follows, unless `known`, the record's fields, has that key: `withhold`
 * in fit-tree.ts keeps every other use of such keys out of the pointers. The fields of a repeated record follow its index.
 */
function container(
  [step = '', ...rest]: readonly string[],
  known: readonly Column[],
): ObjectPart | ArrayPart {
  const isField = known.some((column) => keyOf(column) === step);
  const isIndex = isArrayIndex(step) && rest.length > 0 && !isField;
  return isIndex ? { kind: 'array', elements: [] } : { kind: 'object', members: new Map() };
}

function childOf(part: ObjectPart | ArrayPart, step: string): Part | undefined {
  return part.kind === 'object' ? part.members.get(step) : part.elements[Number(step)];
}

function setChild<T extends Part>(part: ObjectPart | ArrayPart, step: string, child: T): T {
  if (part.kind === 'object') part.members.set(step, child);
  else {
    while (part.elements.length < Number(step)) part.elements.push('{}');
    part.elements[Number(step)] = child;
  }
  return child;
}

function write(part: Part): string {
  if (typeof part === 'string') return part;
  if (part.kind === 'array') return `[${part.elements.map(write).join(',')}]`;
  const members = [...part.members].map(([key, value]) => `${JSON.stringify(key)}:${write(value)}`);
  return `{${members.join(',')}}`;
}
