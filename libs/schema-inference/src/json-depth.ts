/** Levels of brackets an event may have, the root being 1. */
export const MAX_DEPTH = 100;

/**
 * Does the text, JSON or not, open more than 100 levels of brackets outside strings? One pass, no recursion, so that
 * nothing that recurses ever sees a deeper text.
 */
export function isTooDeep(text: string): boolean {
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 34) at = endOfString(text, at);
    else if (code === 123 || code === 91) {
      if (++depth > MAX_DEPTH) return true;
    } else if ((code === 125 || code === 93) && depth > 0) depth--;
  }
  return false;
}

/** The offset of the quote that ends the string begun at `at`, or the text's length. */
function endOfString(text: string, at: number): number {
  for (let end = at + 1; end < text.length; end++) {
    const code = text.charCodeAt(end);
    if (code === 92) end++;
    else if (code === 34) return end;
  }
  return text.length;
}
