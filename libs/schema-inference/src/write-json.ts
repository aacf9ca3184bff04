import { holdsInt64, isIntegerLiteral, parseDecimal, plainText } from './decimal.js';
import type { JsonNode } from './json-tree.js';

/**
 * Compact JSON text of a value whose numbers are exact (`isJsonExact`) and whose strings are Unicode.
 *
 * Numbers are written in one form, `1.50` as `1.5` and `-0` as `0`, the one that `JSON.stringify` gives a double, so
 * that the text does not depend on the way the value was parsed.
 */
export function writeJson(node: JsonNode): string {
  switch (node.kind) {
    case 'null':
      return 'null';
    case 'boolean':
      return node.value ? 'true' : 'false';
    case 'number':
      return canonicalNumber(node.literal);
    case 'string':
      return JSON.stringify(node.value);
    case 'array':
      return `[${node.elements.map(writeJson).join(',')}]`;
    case 'object':
      return `{${node.members.map(({ key, value }) => `${JSON.stringify(key)}:${writeJson(value)}`).join(',')}}`;
  }
}

function canonicalNumber(literal: string): string {
  if (isIntegerLiteral(literal)) {
    const decimal = parseDecimal(literal);
    if (holdsInt64(decimal)) return plainText(decimal);
  }
  const double = Number(literal);
  return String(double === 0 ? 0 : double);
}
