import type { CompiledSchema } from './compile-schema.js';
import type { EventContent } from './decoded-event.js';
import type { ObjectNode } from './json-tree.js';
import { PlainWalk, type Parsed, type ParsedObject } from './plain-walk.js';
import { readJsonTree } from './read-json-tree.js';
import { rejected, type Rejected } from './rejection.js';
import { scanJson, type JsonScan } from './scan-json.js';

/** Texts above this are scanned for depth before anything parses them. */
const SCAN_FIRST_BYTES = 65_536;

/** The schema of the table that a parsed message would go to, if it is known already. */
export type SchemaGuess = (root: ParsedObject) => CompiledSchema | undefined;

/**
 * Parse a message's text, and make sure that the parsed value hides nothing.
 *
 * Three ways, the cheap ones first: the length of what was walked is the text's; the number of keys is that of a scan,
 * which finds no number that could have been rounded; the exact tree.
 */
export function readContent(bytes: Uint8Array, text: string, guess: SchemaGuess): EventContent | Rejected {
  let scan: JsonScan | null = null;
  if (bytes.length > SCAN_FIRST_BYTES) {
    scan = scanJson(bytes);
    if (scan.isTooDeep) return tooDeep();
  }
  let value: Parsed;
  try {
    value = JSON.parse(text) as Parsed;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return (scan ?? scanJson(bytes)).isTooDeep
      ? tooDeep()
      : rejected('NOT_JSON', 'the data is not one JSON value');
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return readTree(text, scan ?? scanJson(bytes), null);
  }
  const root = value as ParsedObject;
  const compared = guess(root) ?? null;
  if (compared !== null) {
    const walk = new PlainWalk(text.length);
    const length = walk.record(root, compared.root);
    if (length === text.length && walk.hasPlainNumbers)
      return { text, plain: root, compared, fits: true, tree: null };
    scan ??= scanJson(bytes);
    if (length > 0 && isProvedBy(scan, walk)) return { text, plain: root, compared, fits: true, tree: null };
    return readTree(text, scan, compared);
  }
  const walk = new PlainWalk(text.length);
  const length = walk.any(root, 1);
  if (length === text.length && walk.hasPlainNumbers)
    return { text, plain: root, compared, fits: false, tree: null };
  scan ??= scanJson(bytes);
  if (length > 0 && isProvedBy(scan, walk)) return { text, plain: root, compared, fits: false, tree: null };
  return readTree(text, scan, null);
}

function isProvedBy(scan: JsonScan, walk: PlainWalk): boolean {
  return scan.keys === walk.keys && !scan.hasLongNumber && !scan.hasSurrogateEscape && !scan.isTooDeep;
}

function readTree(text: string, scan: JsonScan, compared: CompiledSchema | null): EventContent | Rejected {
  if (scan.isTooDeep) return tooDeep();
  const { root, duplicateKey, hasKeyNotUnicode } = readJsonTree(text);
  if (duplicateKey !== null) return rejected('DUPLICATE_KEY', 'a key occurs twice in one object');
  if (hasKeyNotUnicode) return rejected('KEY_NOT_UNICODE', 'a key holds an unpaired surrogate');
  if (root.kind !== 'object')
    return rejected('NOT_AN_OBJECT', `the data is of kind ${root.kind}, not an object`);
  return exactContent(text, root, compared);
}

function exactContent(text: string, tree: ObjectNode, compared: CompiledSchema | null): EventContent {
  return { text, plain: null, compared, fits: false, tree };
}

function tooDeep(): Rejected {
  return rejected('TOO_DEEP', 'more than 100 levels of brackets');
}
