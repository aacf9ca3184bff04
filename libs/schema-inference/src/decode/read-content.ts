import type { CompiledSchema } from '../schema/compile-schema.js';
import type { EventContent } from './decoded-event.js';
import { ParsedWalk, type Parsed, type ParsedObject } from './parsed-walk.js';
import { startsWithOneOf } from '../values/large-text.js';
import type { JsonNode, ObjectNode } from '../values/json-tree.js';
import { readJsonTree, type DuplicateKey } from '../values/read-json-tree.js';
import { describeNotJson, placeOf } from './not-json.js';
import { rejected, type Rejected } from './rejection.js';
import { scanJson, type JsonScan } from '../values/scan-json.js';

/** Texts above this are scanned for depth before anything parses them. */
const SCAN_FIRST_BYTES = 65_536;

/** Returns the schema that events of a type will be fitted against, if it is known. */
export type SchemaOf = (eventType: string) => CompiledSchema | undefined;

/**
 * Parses a message's text and makes sure that the parsed value hides nothing.
 *
 * Three proofs, the cheapest first: the walked length equals the text's length; the number of keys equals that of a scan
 * that found no number which could have been rounded; the exact tree.
 */
export function readContent(
  bytes: Uint8Array,
  text: string,
  known: JsonScan | null,
  schemaFor: (root: ParsedObject) => CompiledSchema | null,
): EventContent | Rejected {
  const early = known ?? (bytes.length > SCAN_FIRST_BYTES ? scanJson(bytes) : null);
  const refused = early === null ? null : refusal(early);
  if (refused !== null) return refused;
  let value: Parsed;
  try {
    value = JSON.parse(text) as Parsed;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return refusal(early ?? scanJson(bytes)) ?? rejected('NOT_JSON', describeNotJson(text));
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return readTree(text, early ?? scanJson(bytes));
  const root = value as ParsedObject;
  const compared = schemaFor(root);
  const walk = new ParsedWalk(text.length);
  const length = compared === null ? walk.any(root, 1) : walk.record(root, compared.root);
  const isProved = length === text.length && walk.hasProvedNumbers;
  if (isProved) return { kind: 'content', text, parsed: root, fits: compared, tree: null };
  const scan = early ?? scanJson(bytes);
  if (length > 0 && isProvedBy(scan, walk))
    return { kind: 'content', text, parsed: root, fits: compared, tree: null };
  return readTree(text, scan);
}

function isProvedBy(scan: JsonScan, walk: ParsedWalk): boolean {
  return scan.keys === walk.keys && !scan.hasLongNumber && !scan.hasSurrogateEscape && !scan.isTooDeep;
}

function readTree(text: string, scan: JsonScan): EventContent | Rejected {
  const refused = refusal(scan);
  if (refused !== null) return refused;
  const { root, duplicateKey, keyNotUnicodeAt } = readJsonTree(text);
  if (duplicateKey !== null) return rejected('DUPLICATE_KEY', describeDuplicate(text, duplicateKey));
  if (keyNotUnicodeAt !== null) {
    return rejected(
      'KEY_NOT_UNICODE',
      `the key at ${placeOf(text, keyNotUnicodeAt)} holds an unpaired surrogate`,
    );
  }
  if (root.kind !== 'object') return rejected('NOT_AN_OBJECT', describeRoot(root));
  return { kind: 'content', text, parsed: null, fits: null, tree: root };
}

const MAX_NAMED_KEY = 100;

function describeDuplicate(text: string, { key, first, second }: DuplicateKey): string {
  const name = JSON.stringify(key.length > MAX_NAMED_KEY ? `${key.slice(0, MAX_NAMED_KEY)}…` : key);
  return `the key ${name} occurs twice in one object: ${placeOf(text, first)} and ${placeOf(text, second)}`;
}

function describeRoot(root: Exclude<JsonNode, ObjectNode>): string {
  if (root.kind === 'array') {
    const { length } = root.elements;
    if (length === 0) return 'the data is an empty array, not an object';
    const events = root.elements.every((element) => element.kind === 'object') ? 'event' : 'value';
    const count = `${length} ${events}${length === 1 ? '' : 's'}`;
    return `the data is an array of ${count}; publish each element as a message of its own`;
  }
  if (root.kind === 'string' && startsWithOneOf(root.value, '{[')) {
    return 'the data is a string that holds JSON; publish the object itself, encoded once';
  }
  return `the data is of kind ${root.kind}, not an object`;
}

/** Returns the rejection of a text that no parser may see, or null. */
export function refusal({ isTooDeep, hasTooManyValues, values }: JsonScan): Rejected | null {
  if (isTooDeep) return rejected('TOO_DEEP', 'more than 100 levels of brackets');
  if (!hasTooManyValues) return null;
  return rejected('TOO_LARGE', `${values} values; an event may have 250000. Publish it as several events`);
}
