import type { CompiledSchema } from '../schema/compile-schema.js';
import type { EventContent } from './decoded-event.js';
import { ParsedWalk, type Parsed, type ParsedObject } from './parsed-walk.js';
import { readJsonTree } from '../values/read-json-tree.js';
import { rejected, type Rejected } from './rejection.js';
import { scanJson, type JsonScan } from '../values/scan-json.js';

/** Texts above this are scanned for depth before anything parses them. */
const SCAN_FIRST_BYTES = 65_536;

/** Returns the schema that events of a type will be fitted against, if it is known. */
export type SchemaOf = (eventType: string) => CompiledSchema | undefined;

/** Returns the type in the common case, a string in field or attribute; undefined means "use the full rules". */
export function parsedEventType(
  root: ParsedObject,
  attributes: Readonly<Record<string, string>>,
): string | undefined {
  const field = root['event_type'] ?? attributes['event_type'];
  return typeof field === 'string' ? field : undefined;
}

/**
 * Parses a message's text and makes sure that the parsed value hides nothing.
 *
 * Three proofs, the cheapest first: the walked length equals the text's length; the number of keys equals that of a scan
 * that found no number which could have been rounded; the exact tree.
 */
export function readContent(
  bytes: Uint8Array,
  text: string,
  attributes: Readonly<Record<string, string>>,
  schemaOf: SchemaOf | undefined,
  known: JsonScan | null,
): EventContent | Rejected {
  const early = known ?? (bytes.length > SCAN_FIRST_BYTES ? scanJson(bytes) : null);
  const refused = early === null ? null : refusal(early);
  if (refused !== null) return refused;
  let value: Parsed;
  try {
    value = JSON.parse(text) as Parsed;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return refusal(early ?? scanJson(bytes)) ?? rejected('NOT_JSON', 'the data is not one JSON value');
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return readTree(text, early ?? scanJson(bytes));
  const root = value as ParsedObject;
  const eventType = schemaOf === undefined ? undefined : parsedEventType(root, attributes);
  const compared = eventType === undefined ? null : (schemaOf?.(eventType) ?? null);
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
  const { root, duplicateKey, hasKeyNotUnicode } = readJsonTree(text);
  if (duplicateKey !== null) return rejected('DUPLICATE_KEY', 'a key occurs twice in one object');
  if (hasKeyNotUnicode) return rejected('KEY_NOT_UNICODE', 'a key holds an unpaired surrogate');
  if (root.kind !== 'object')
    return rejected('NOT_AN_OBJECT', `the data is of kind ${root.kind}, not an object`);
  return { kind: 'content', text, parsed: null, fits: null, tree: root };
}

/** Returns the rejection of a text that no parser may see, or null. */
export function refusal({ isTooDeep, hasTooManyValues, values }: JsonScan): Rejected | null {
  if (isTooDeep) return rejected('TOO_DEEP', 'more than 100 levels of brackets');
  if (!hasTooManyValues) return null;
  return rejected('TOO_LARGE', `${values} values; an event may have 250000. Publish it as several events`);
}
