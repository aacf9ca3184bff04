import { holdsJsonInteger, parseDecimal, plainText } from './decimal.js';
import type { JsonNode } from './json-tree.js';

/**
 * Compact JSON text of a value whose numbers are exact (`isJsonExact`) and whose strings are Unicode.
 *
 * Numbers are written in one form, integers of 64 bits in plain digits and others as `JSON.stringify` writes a double
 * (`1.50` as `1.5`, `-0` as `0`), so that the text does not depend on the way the value was parsed.
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
  const decimal = parseDecimal(literal);
  return holdsJsonInteger(decimal) ? plainText(decimal) : String(Number(literal));
}

/** Returns the bytes of a value as compact UTF-8 JSON, with its numbers as the source writes them. */
export function jsonBytes(node: JsonNode): number {
  switch (node.kind) {
    case 'null':
      return 4;
    case 'boolean':
      return node.value ? 4 : 5;
    case 'number':
      return node.literal.length;
    case 'string':
      return stringBytes(node.value);
    case 'array':
      return listBytes(node.elements, jsonBytes);
    case 'object':
      return listBytes(node.members, ({ key, value }) => stringBytes(key) + 1 + jsonBytes(value));
  }
}

function listBytes<T>(items: readonly T[], bytesOf: (item: T) => number): number {
  return items.reduce((sum, item) => sum + bytesOf(item) + 1, items.length === 0 ? 2 : 1);
}

function stringBytes(text: string): number {
  return Buffer.byteLength(JSON.stringify(text), 'utf8');
}
