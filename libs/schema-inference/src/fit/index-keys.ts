import { isArrayIndex } from '../values/large-text.js';
import type { ArrayNode, JsonNode, ObjectNode } from '../values/json-tree.js';

/** True if a key with a scalar below it looks like an array index in a JSON pointer. */
export function hasIndexKey({ members }: ObjectNode): boolean {
  return members.some(({ key, value }) => value.hasScalar && isArrayIndex(key));
}

export function hasIndexKeyInElement({ elements }: ArrayNode): boolean {
  return elements.some((element) => element.kind === 'object' && hasIndexKey(element));
}

export function isContainer(node: JsonNode): node is ObjectNode | ArrayNode {
  return node.kind === 'object' || node.kind === 'array';
}
