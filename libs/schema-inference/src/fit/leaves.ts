import { numberText, parseDecimal } from '../values/decimal.js';
import type { JsonNode } from '../values/json-tree.js';
import { childPointer } from './overflow.js';

/** One scalar of an event. */
export interface Leaf {
  /** RFC 6901 over the event's keys. */
  readonly pointer: string;
  /** JSON text: a number's literal, a quoted string, `true` or `false`. */
  readonly json: string;
}

/** Returns every scalar of a value in order; `null`, `[]` and `{}` have none. */
export function leavesOf(node: JsonNode, text: string, pointer = ''): Leaf[] {
  const leaves: Leaf[] = [];
  collect(node, text, pointer, leaves);
  return leaves;
}

function collect(node: JsonNode, text: string, pointer: string, leaves: Leaf[]): void {
  if (!node.hasScalar) return;
  if (node.kind === 'object') {
    for (const { key, value } of node.members) collect(value, text, childPointer(pointer, key), leaves);
  } else if (node.kind === 'array') {
    node.elements.forEach((element, index) => {
      collect(element, text, childPointer(pointer, index), leaves);
    });
  } else {
    leaves.push({ pointer, json: text.slice(node.start, node.end) });
  }
}

/**
 * True if two scalars, as JSON text, are the same value: numbers by value, strings by code point. With `numbersAsText` a
 * number is also the same as its text, as a STRING column with that mark holds it.
 */
export function isSameScalar(left: string, right: string, numbersAsText = false): boolean {
  if (left === right) return true;
  if (numbersAsText && isNumber(left) !== isNumber(right)) {
    const [number, text] = isNumber(left) ? [left, right] : [right, left];
    return text === JSON.stringify(numberText(number));
  }
  if (left.startsWith('"') && right.startsWith('"')) return JSON.parse(left) === JSON.parse(right);
  if (!isNumber(left) || !isNumber(right)) return false;
  const a = parseDecimal(left);
  const b = parseDecimal(right);
  return a.digits === b.digits && a.point === b.point && a.isNegative === b.isNegative;
}

function isNumber(json: string): boolean {
  return /^[-0-9]/.test(json);
}
