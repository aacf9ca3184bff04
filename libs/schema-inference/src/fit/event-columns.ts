import {
  columnOfKey,
  type CompiledColumn,
  type CompiledRecord,
  type CompiledSchema,
} from '../schema/compile-schema.js';
import { hasDataChildren, isDataChild } from '../schema/data-keys.js';
import type { Limits } from '../schema/limits.js';
import type { Shape } from '../schema/shape.js';
import { isUnusable, usablePart } from '../schema/unusable-shape.js';
import type { JsonNode, ObjectNode } from '../values/json-tree.js';
import { inferAny } from './infer-shape.js';
import type { Place } from './place.js';

/** A key of the event, with the keys of the record below it. */
interface KeyNode {
  readonly children: Map<string, KeyNode>;
  newChildren: number;
  newDataKeys: number;
  isLeaf: boolean;
}

/** A record of the table, or the candidates of one that the table does not have. */
type Source =
  | { readonly record: CompiledRecord }
  | { readonly record: null; readonly fields: ReadonlyMap<string, Shape> };

/**
 * The leaf columns that one event may use: the first `maxNewColumns` in the order of its keys, at every depth.
 *
 * Columns that the table has are counted too, so that fitting an event again after its plan gives the same answer. A field of
 * an array of records is one column. Keys that never get a column are not counted: those of a full record, and those with a value
 * that no column holds.
 */
export class EventColumns {
  private readonly root = newKey();
  private left: number;
  private readonly limits: Limits;

  private constructor({ limits }: CompiledSchema) {
    this.limits = limits;
    this.left = limits.maxNewColumns;
  }

  /** Returns null if the event is too small to reach the limit. */
  static of(root: ObjectNode, schema: CompiledSchema): EventColumns | null {
    if (scalarsLeft(root, schema.limits.maxNewColumns) >= 0) return null;
    const columns = new EventColumns(schema);
    columns.countMembers(root, { record: schema.root }, columns.root, 0);
    return columns;
  }

  /** Returns the part of the candidate at `place` that is within the limit, or null. */
  admitted(shape: Shape, place: Place): Shape | null {
    const key = this.keyAt(place);
    return key === undefined ? null : admittedPart(shape, key);
  }

  private keyAt({ parent, step }: Place): KeyNode | undefined {
    if (parent === null) return this.root;
    const above = this.keyAt(parent);
    return typeof step === 'string' ? above?.children.get(step) : above;
  }

  /** `depth` is the RECORD level of these members, 0 for the table. */
  private countMembers({ members }: ObjectNode, source: Source, above: KeyNode, depth: number): void {
    for (const { key, value } of members) {
      if (this.left === 0) return;
      if (!value.hasScalar) continue;
      const column = source.record === null ? undefined : columnOfKey(source.record, key);
      if (column === undefined) this.countNew(value, key, source, above, depth);
      else this.countKnown(value, column, childOf(above, key), depth + 1);
    }
  }

  private countNew(value: JsonNode, key: string, source: Source, above: KeyNode, depth: number): void {
    const { record } = source;
    const shape =
      record === null ? source.fields.get(key) : usablePart(inferAny(value, depth + 1, this.limits));
    if (shape === undefined || shape === null) return;
    if (!above.children.has(key)) {
      if (depth > 0 && this.isFull(record, above)) return;
      above.newChildren++;
      if (isDataChild(key)) above.newDataKeys++;
    }
    const node = childOf(above, key);
    if (shape.type !== 'RECORD') this.countLeaf(node);
    else this.countRecords(value, { record: null, fields: shape.fields }, node, depth + 1);
  }

  private countKnown(value: JsonNode, { record, mode }: CompiledColumn, key: KeyNode, depth: number): void {
    const isRecord = record !== null && value.kind === (mode === 'REPEATED' ? 'array' : 'object');
    if (isRecord) this.countRecords(value, { record }, key, depth);
    else this.countLeaf(key);
  }

  /** Counts one record, or those of an array. */
  private countRecords(value: JsonNode, source: Source, key: KeyNode, depth: number): void {
    if (value.kind === 'object') this.countMembers(value, source, key, depth);
    if (value.kind !== 'array') return;
    for (const element of value.elements) {
      if (element.kind === 'object') this.countMembers(element, source, key, depth);
    }
  }

  private countLeaf(key: KeyNode): void {
    if (!key.isLeaf) this.left--;
    key.isLeaf = true;
  }

  private isFull(record: CompiledRecord | null, { newChildren, newDataKeys }: KeyNode): boolean {
    if (record?.isClosed === true) return true;
    const children = (record?.childCount ?? 0) + newChildren;
    const dataKeys = (record?.dataChildCount ?? 0) + newDataKeys;
    return children >= this.limits.maxRecordChildren || hasDataChildren(children, dataKeys);
  }
}

function newKey(): KeyNode {
  return { children: new Map(), newChildren: 0, newDataKeys: 0, isLeaf: false };
}

function childOf({ children }: KeyNode, key: string): KeyNode {
  const present = children.get(key);
  if (present !== undefined) return present;
  const created = newKey();
  children.set(key, created);
  return created;
}

/** Unusable parts stay: they are no columns, but they affect the other elements of an array. */
function admittedPart(shape: Shape, { children }: KeyNode): Shape | null {
  if (shape.type !== 'RECORD') return shape;
  const fields = new Map<string, Shape>();
  for (const [key, field] of shape.fields) {
    const child = children.get(key);
    const part = child === undefined ? null : admittedPart(field, child);
    if (part !== null || isUnusable(field)) fields.set(key, part ?? field);
  }
  return fields.size === 0 ? null : { ...shape, fields };
}

/** Returns `left` less the scalars of a value, or a negative number as soon as there are more. */
function scalarsLeft(node: JsonNode, left: number): number {
  if (!node.hasScalar) return left;
  if (node.kind !== 'object' && node.kind !== 'array') return left - 1;
  const values = node.kind === 'array' ? node.elements : node.members.map(({ value }) => value);
  let rest = left;
  for (const value of values) {
    if (rest < 0) break;
    rest = scalarsLeft(value, rest);
  }
  return rest;
}
