/**
 * Checks of texts that come from events and may have megabytes. They are loops and not patterns: V8 compiles patterns
 * without their optimisation once a process has compiled many, and a repetition then overflows its stack.
 */

/** True if the text is an array index of a JSON pointer (RFC 6901 §4): `0`, or digits without a leading zero. */
export function isArrayIndex(text: string): boolean {
  return text !== '' && (text === '0' || text[0] !== '0') && digitsEnd(text, 0) === text.length;
}

/** The offset of the first character from `at` on that is no digit. */
export function digitsEnd(text: string, at: number): number {
  let end = at;
  for (; end < text.length; end++) {
    const code = text.charCodeAt(end);
    if (code < 48 || code > 57) break;
  }
  return end;
}

/** True if the first character that is no white space is one of these. */
export function startsWithOneOf(text: string, characters: string): boolean {
  const first = text.trimStart().charAt(0);
  return first !== '' && characters.includes(first);
}

/** True for base64 in the standard or URL-safe alphabet, padded or not, with at least four characters. */
export function isBase64(text: string): boolean {
  let end = text.length;
  while (text.length - end < 2 && text[end - 1] === '=') end--;
  if (text.length < 4 || end === 0) return false;
  for (let at = 0; at < end; at++) {
    const code = text.charCodeAt(at);
    if (code > 127 || BASE64[code] === 0) return false;
  }
  return true;
}

const BASE64 = Uint8Array.from({ length: 128 }, (_, code) =>
  /[A-Za-z0-9+/_-]/.test(String.fromCharCode(code)) ? 1 : 0,
);
