import {
  columnOfKey,
  type CompiledColumn,
  type CompiledRecord,
  type CompiledSchema,
} from '../schema/compile-schema.js';
import { hasDataChildren, isDataChild } from '../schema/data-keys.js';
import type { Limits } from '../schema/limits.js';
import type { Shape } from '../schema/shape.js';
import type { ArrayNode, JsonNode, ObjectNode } from '../values/json-tree.js';
import { isJsonObject, isRecordArray } from './infer-shape.js';
import type { Place } from './place.js';

/** A key of the event, with the keys of the record below it. */
interface KeyNode {
  readonly children: Map<string, KeyNode>;
  newChildren: number;
  newDataKeys: number;
  isLeaf: boolean;
}

/**
 * The leaf columns that one event may use: the first `maxNewColumns` in the order of its keys, at every depth.
 *
 * Columns that the table has are counted too, so that fitting an event again after its plan gives the same answer. A field of
 * an array of records is one column. New children of a full record are not counted, because they never get a column.
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
    columns.countMembers(root, schema.root, columns.root, 0);
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

  /** `record` is null for a record that the table does not have; `depth` is its RECORD level, 0 for the table. */
  private countMembers(
    { members }: ObjectNode,
    record: CompiledRecord | null,
    above: KeyNode,
    depth: number,
  ): void {
    for (const { key, value } of members) {
      if (this.left === 0) return;
      if (!value.hasScalar) continue;
      const column = record === null ? undefined : columnOfKey(record, key);
      let node = above.children.get(key);
      if (node === undefined) {
        if (column === undefined && depth > 0 && this.isFull(record, above)) continue;
        node = newKey();
        above.children.set(key, node);
        if (column === undefined) countChild(above, key);
      }
      if (column === undefined) this.countNew(value, node, depth + 1);
      else this.countKnown(value, column, node, depth + 1);
    }
  }

  private countNew(value: JsonNode, key: KeyNode, depth: number): void {
    if (value.kind === 'object' && !isJsonObject(value, depth, this.limits))
      this.countMembers(value, null, key, depth);
    else if (value.kind === 'array' && isRecordArray(value, depth, this.limits))
      this.countElements(value, null, key, depth);
    else this.countLeaf(key);
  }

  private countKnown(value: JsonNode, { record, mode }: CompiledColumn, key: KeyNode, depth: number): void {
    if (record !== null && value.kind === 'object' && mode !== 'REPEATED')
      this.countMembers(value, record, key, depth);
    else if (record !== null && value.kind === 'array' && mode === 'REPEATED')
      this.countElements(value, record, key, depth);
    else this.countLeaf(key);
  }

  private countElements(
    { elements }: ArrayNode,
    record: CompiledRecord | null,
    key: KeyNode,
    depth: number,
  ): void {
    for (const element of elements) {
      if (element.kind === 'object') this.countMembers(element, record, key, depth);
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

function countChild(above: KeyNode, key: string): void {
  above.newChildren++;
  if (isDataChild(key)) above.newDataKeys++;
}

function admittedPart(shape: Shape, { children }: KeyNode): Shape | null {
  if (shape.type !== 'RECORD') return shape;
  const fields = new Map<string, Shape>();
  for (const [key, field] of shape.fields) {
    const child = children.get(key);
    const part = child === undefined ? null : admittedPart(field, child);
    if (part !== null) fields.set(key, part);
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
