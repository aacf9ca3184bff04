/** Levels of brackets an event may have, the root being 1. */
const MAX_DEPTH = 100;
/** Values an event may have: a tree of so many needs about 40 MB, which bounds the memory of one message. */
const MAX_VALUES = 250_000;
/** Shorter texts of at most 100 levels have at most `MAX_VALUES` values: each needs a byte of its own and a delimiter. */
export const MIN_BYTES_OF_TOO_MANY_VALUES = 2 * MAX_VALUES;

/** Facts about the bytes of a JSON text that its parsed value does not show. */
export interface JsonScan {
  /** Members of all objects, as written: more than the value has when a key occurs twice. */
  readonly keys: number;
  /**
   * Scalars and containers, counted without parsing: strings, bare tokens and opening brackets, less one for each colon.
   * Of a JSON text the number of its values; of another text an estimate.
   */
  readonly values: number;
  /** Brackets outside strings, over the whole text, JSON or not. */
  readonly isTooDeep: boolean;
  readonly hasTooManyValues: boolean;
  /** A number with more than 15 digits or with an exponent: `JSON.parse` may have rounded it. */
  readonly hasLongNumber: boolean;
  /** An escape of a surrogate, `\ud800` to `\udfff`: half a pair is possible. */
  readonly hasSurrogateEscape: boolean;
}

const MAX_EXACT_DIGITS = 15;

/** 1 for the bytes that end a bare token: white space, quote, comma, colon, brackets and braces. */
const ENDS_TOKEN = Uint8Array.from({ length: 256 }, (_, byte) =>
  ' \t\n\r",:[]{}'.includes(String.fromCharCode(byte)) ? 1 : 0,
);

/** Scans every byte once. Linear, without recursion, and right about brackets for any bytes. */
export function scanJson(bytes: Uint8Array): JsonScan {
  const { length } = bytes;
  let keys = 0;
  let starts = 0;
  let depth = 0;
  let deepest = 0;
  let hasLongNumber = false;
  let hasSurrogateEscape = false;
  for (let at = 0; at < length; at++) {
    const byte = bytes[at] as number;
    if (byte === 34) {
      starts++;
      for (at++; at < length; at++) {
        const inside = bytes[at] as number;
        if (inside === 34) break;
        if (inside !== 92) continue;
        at++;
        if (bytes[at] === 117 && isSurrogate(bytes, at + 1)) hasSurrogateEscape = true;
      }
    } else if (ENDS_TOKEN[byte] === 0) {
      starts++;
      let digits = 0;
      for (; at < length; at++) {
        const next = bytes[at] as number;
        if (next >= 48 && next <= 57) digits++;
        else if (ENDS_TOKEN[next] === 1) break;
        else if (digits > 0 && (next === 101 || next === 69)) hasLongNumber = true;
      }
      at--;
      if (digits > MAX_EXACT_DIGITS) hasLongNumber = true;
    } else if (byte === 58) keys++;
    else if (byte === 123 || byte === 91) {
      starts++;
      depth++;
      if (depth > deepest) deepest = depth;
    } else if ((byte === 125 || byte === 93) && depth > 0) depth--;
  }
  const values = starts - keys;
  const isTooDeep = deepest > MAX_DEPTH;
  return {
    keys,
    values,
    isTooDeep,
    hasTooManyValues: values > MAX_VALUES,
    hasLongNumber,
    hasSurrogateEscape,
  };
}

/** True if these are the hex digits `d8…` to `df…`, in either case. */
function isSurrogate(bytes: Uint8Array, at: number): boolean {
  const first = bytes[at];
  const second = bytes[at + 1] ?? 0;
  if (first !== 100 && first !== 68) return false;
  return second === 56 || second === 57 || (second >= 97 && second <= 102) || (second >= 65 && second <= 70);
}
