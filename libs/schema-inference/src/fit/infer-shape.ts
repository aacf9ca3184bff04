import { hasDataKeys } from '../schema/data-keys.js';
import { readDateText } from '../values/date-text.js';
import { firstNumberType } from '../values/decimal.js';
import type { ArrayNode, JsonNode, ObjectNode, ScalarNode } from '../values/json-tree.js';
import type { Limits } from '../schema/limits.js';
import { JSON_SHAPE, joinShapes, type Shape, type ScalarType } from '../schema/shape.js';
import { joinElements, UNUSABLE_OBJECT, UNUSABLE_OBJECTS, usablePart } from '../schema/unusable-shape.js';

/**
 * Infers the column that a first value needs, or null if it needs none.
 *
 * `depth` is the RECORD level a record here would have: 1 for a field of the table.
 * Null is normal for values without a scalar (`null`, `[]`, `{}`) and for those no type holds (`"\ud800"`, 1e400).
 */
export function inferShape(node: JsonNode, depth: number, limits: Limits): Shape | null {
  return usablePart(inferAny(node, depth, limits));
}

/** The same, including parts that need no column but influence the join with other elements of an array. */
export function inferAny(node: JsonNode, depth: number, limits: Limits): Shape | null {
  if (!node.hasScalar) return null;
  if (node.kind === 'object') return inferObject(node, depth, limits);
  if (node.kind === 'array') return inferArray(node, depth, limits);
  const type = scalarType(node);
  return type === null ? null : { type, repeated: false };
}

function scalarType(node: JsonNode): ScalarType | null {
  switch (node.kind) {
    case 'boolean':
      return 'BOOL';
    case 'number':
      return firstNumberType(node.literal);
    case 'string': {
      if (!node.isUnicode) return null;
      const date = readDateText(node.value);
      return date?.isInRange === true ? date.type : 'STRING';
    }
    case 'null':
    case 'array':
    case 'object':
      return null;
  }
}

function inferObject(node: ObjectNode, depth: number, limits: Limits): Shape | null {
  if (isJsonObject(node, depth, limits)) return jsonOrNothing(node) ?? UNUSABLE_OBJECT;
  const fields = new Map<string, Shape>();
  for (const { key, value } of node.members) {
    const shape = inferAny(value, depth + 1, limits);
    if (shape !== null) fields.set(key, shape);
  }
  return fields.size === 0 ? null : { type: 'RECORD', repeated: false, fields };
}

/** True if a new object becomes JSON rather than a RECORD: its keys are data, or it is too deep. */
export function isJsonObject(node: ObjectNode, depth: number, limits: Limits): boolean {
  return depth > limits.maxRecordDepth || hasDataKeys(node, limits.maxNewObjectKeys);
}

/** True if a new array holds only objects that become RECORDs, and nulls. */
export function isRecordArray({ elements }: ArrayNode, depth: number, limits: Limits): boolean {
  return elements.every(
    (element) =>
      element.kind === 'null' || (element.kind === 'object' && !isJsonObject(element, depth, limits)),
  );
}

function jsonOrNothing(node: JsonNode): Shape | null {
  return node.isUnicode && node.isJsonExact ? JSON_SHAPE : null;
}

function inferArray(node: ArrayNode, depth: number, limits: Limits): Shape | null {
  const elements = node.elements.filter((element) => element.kind !== 'null');
  const kind = elements[0]?.kind;
  if (kind === 'array' || elements.some((element) => element.kind !== kind)) return inferMixed(node);
  if (kind === 'object') return inferRecords(node, elements as readonly ObjectNode[], depth, limits);
  return inferScalars(node, elements as readonly ScalarNode[]);
}

/** An array of several kinds; records among them would be children of an array of records of that key. */
function inferMixed(node: ArrayNode): Shape | null {
  const hasRecords = node.elements.some((element) => element.kind === 'object' && element.hasScalar);
  return jsonOrNothing(node) ?? (hasRecords ? UNUSABLE_OBJECTS : null);
}

function inferRecords(
  array: ArrayNode,
  elements: readonly ObjectNode[],
  depth: number,
  limits: Limits,
): Shape | null {
  if (elements.some((element) => isJsonObject(element, depth, limits)))
    return jsonOrNothing(array) ?? UNUSABLE_OBJECTS;
  const fields = new Map<string, Shape>();
  for (const element of elements) {
    for (const { key, value } of element.members) {
      const shape = inferAny(value, depth + 1, limits);
      if (shape === null) continue;
      const present = fields.get(key);
      fields.set(key, present === undefined ? shape : joinElements(present, shape));
    }
  }
  return fields.size === 0 ? null : { type: 'RECORD', repeated: true, fields };
}

function inferScalars(array: ArrayNode, elements: readonly ScalarNode[]): Shape | null {
  let joined: Shape | null = null;
  for (const element of elements) {
    const type = scalarType(element);
    if (type === null) return null;
    joined = joined === null ? { type, repeated: true } : joinShapes(joined, { type, repeated: true });
  }
  return joined?.type === 'JSON' ? jsonOrNothing(array) : joined;
}
