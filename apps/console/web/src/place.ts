/** A part of a text: from the first character to the one after the last. */
export interface Place {
  readonly start: number;
  readonly end: number;
}

/**
 * The place that a dead letter names, in its text: a JSON pointer (`/items/0/id`), or line and column in its detail.
 * The text may be cut off or no JSON at all; null if the place is not in it.
 */
export function placeOf(text: string, path: string | null, detail: string | null): Place | null {
  const byPointer = path?.startsWith('/') === true ? valueAt(text, path) : null;
  return byPointer ?? positionIn(text, detail ?? '');
}

/** The last of several: of a key that occurs twice, the second one. A text that is cut off is wrong at its end. */
function positionIn(text: string, detail: string): Place | null {
  if (detail.startsWith('cut off after')) return lastOf(text);
  const [, lineText = '1', column] = [...detail.matchAll(/(?:\bline (\d+), )?\bcolumn (\d+)/g)].at(-1) ?? [];
  if (column === undefined) return null;
  const line = Number(lineText);
  let start = 0;
  for (let current = 1; current < line; current++) {
    const end = text.indexOf('\n', start);
    if (end === -1) return null;
    start = end + 1;
  }
  const at = start + Number(column) - 1;
  if (at > text.length) return null;
  // The end of the text has no character to mark.
  return at === text.length ? lastOf(text) : { start: at, end: at + 1 };
}

function lastOf(text: string): Place {
  return { start: Math.max(0, text.length - 1), end: text.length };
}

function valueAt(text: string, pointer: string): Place | null {
  let at = afterSpace(text, 0);
  for (const token of pointer.split('/').slice(1)) {
    const wanted = token.replaceAll('~1', '/').replaceAll('~0', '~');
    const next = memberAt(text, at, wanted);
    if (next === null) return null;
    at = next;
  }
  return at >= text.length ? null : { start: at, end: endOfValue(text, at) };
}

/** Start of a member's or element's value, or null. */
function memberAt(text: string, container: number, wanted: string): number | null {
  const isObject = text[container] === '{';
  if (!isObject && text[container] !== '[') return null;
  let at = afterSpace(text, container + 1);
  for (let index = 0; at < text.length && text[at] !== '}' && text[at] !== ']'; index++) {
    let name = String(index);
    if (isObject) {
      if (text[at] !== '"') return null;
      const end = endOfString(text, at);
      name = nameOf(text.slice(at, end));
      at = afterSpace(text, end);
      if (text[at] !== ':') return null;
      at = afterSpace(text, at + 1);
    }
    if (name === wanted) return at;
    at = afterSpace(text, endOfValue(text, at));
    if (text[at] !== ',') return null;
    at = afterSpace(text, at + 1);
  }
  return null;
}

function nameOf(literal: string): string {
  try {
    return String(JSON.parse(literal));
  } catch {
    return literal;
  }
}

function endOfValue(text: string, start: number): number {
  if (text[start] === '"') return endOfString(text, start);
  let depth = 0;
  let at = start;
  while (at < text.length) {
    const character = text.charAt(at);
    if (character === '"') {
      at = endOfString(text, at);
      continue;
    }
    if ('{['.includes(character)) {
      depth++;
    } else if ('}]'.includes(character)) {
      if (depth === 0) return at;
      depth--;
      if (depth === 0) return at + 1;
    } else if (depth === 0 && (character === ',' || /\s/.test(character))) {
      return at;
    }
    at++;
  }
  return at;
}

function endOfString(text: string, start: number): number {
  let at = start + 1;
  while (at < text.length && text[at] !== '"') at += text[at] === '\\' ? 2 : 1;
  return Math.min(at + 1, text.length);
}

function afterSpace(text: string, start: number): number {
  let at = start;
  while (at < text.length && /\s/.test(text.charAt(at))) at++;
  return at;
}
