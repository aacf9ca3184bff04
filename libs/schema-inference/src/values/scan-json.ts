/** Levels of brackets an event may have, the root being 1. */
const MAX_DEPTH = 100;

/** Facts about the bytes of a JSON text that its parsed value does not show. */
export interface JsonScan {
  /** Members of all objects, as written: more than the value has when a key occurs twice. */
  readonly keys: number;
  /** Brackets outside strings, over the whole text, JSON or not. */
  readonly isTooDeep: boolean;
  /** A number with more than 15 digits or with an exponent: `JSON.parse` may have rounded it. */
  readonly hasLongNumber: boolean;
  /** An escape of a surrogate, `\ud800` to `\udfff`: half a pair is possible. */
  readonly hasSurrogateEscape: boolean;
}

const MAX_EXACT_DIGITS = 15;

/** Scans every byte once. Linear, without recursion, and right about brackets for any bytes. */
export function scanJson(bytes: Uint8Array): JsonScan {
  const { length } = bytes;
  let keys = 0;
  let depth = 0;
  let deepest = 0;
  let hasLongNumber = false;
  let hasSurrogateEscape = false;
  for (let at = 0; at < length; at++) {
    const byte = bytes[at] as number;
    if (byte === 34) {
      for (at++; at < length; at++) {
        const inside = bytes[at] as number;
        if (inside === 34) break;
        if (inside !== 92) continue;
        at++;
        if (bytes[at] === 117 && isSurrogate(bytes, at + 1)) hasSurrogateEscape = true;
      }
    } else if (byte >= 48 && byte <= 57) {
      let digits = 1;
      for (at++; at < length; at++) {
        const next = bytes[at] as number;
        if (next >= 48 && next <= 57) digits++;
        else if (next === 101 || next === 69) hasLongNumber = true;
        else if (next !== 46) break;
      }
      at--;
      if (digits > MAX_EXACT_DIGITS) hasLongNumber = true;
    } else if (byte === 58) keys++;
    else if (byte === 123 || byte === 91) {
      depth++;
      if (depth > deepest) deepest = depth;
    } else if ((byte === 125 || byte === 93) && depth > 0) depth--;
  }
  return { keys, isTooDeep: deepest > MAX_DEPTH, hasLongNumber, hasSurrogateEscape };
}

/** True if these are the hex digits `d8…` to `df…`, in either case. */
function isSurrogate(bytes: Uint8Array, at: number): boolean {
  const first = bytes[at];
  const second = bytes[at + 1] ?? 0;
  if (first !== 100 && first !== 68) return false;
  return second === 56 || second === 57 || (second >= 97 && second <= 102) || (second >= 65 && second <= 70);
}
