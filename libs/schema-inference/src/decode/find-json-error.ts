import { digitsEnd } from '../values/large-text.js';

/** The first place at which a text is not JSON. */
export interface JsonError {
  /** Offset of the first character that cannot continue a JSON text; the text's length if it ends too early. */
  readonly at: number;
  readonly expected: string;
  /** The offset after the first complete JSON value, if the error is that another one follows. */
  readonly valueEnd: number | null;
}

const LITERAL = /true|false|null/y;

/** Finds the first error of a text that `JSON.parse` refused. Linear; deep texts are refused before. */
export function findJsonError(text: string): JsonError {
  return new ErrorFinder(text).find();
}

type Expected = 'value' | 'value or ]' | 'key or }' | 'key' | 'colon' | 'comma or end';

const WORDS: Readonly<Record<Expected, string>> = {
  value: 'a JSON value',
  'value or ]': 'a JSON value or ]',
  'key or }': 'a key in double quotes or }',
  key: 'a key in double quotes',
  colon: 'a colon',
  'comma or end': 'a comma or the end of the object or array',
};

class ErrorFinder {
  private at = 0;
  private readonly open: ('{' | '[')[] = [];

  constructor(private readonly text: string) {}

  find(): JsonError {
    let expected: Expected = 'value';
    for (;;) {
      this.skipSpace();
      const next = this.step(expected);
      if (typeof next !== 'string') return next;
      expected = next;
      if (this.open.length > 0 || expected !== 'comma or end') continue;
      const valueEnd = this.at;
      this.skipSpace();
      return { at: this.at, expected: 'the end of the data', valueEnd };
    }
  }

  /** Consumes one token; returns what may follow, or the error. */
  private step(expected: Expected): Expected | JsonError {
    const character = this.text[this.at];
    const top = this.open.at(-1);
    switch (expected) {
      case 'colon':
        return character === ':' ? this.take('value') : this.error(expected);
      case 'comma or end':
        if (character === ',') return this.take(top === '{' ? 'key' : 'value');
        return character === (top === '{' ? '}' : ']') ? this.close() : this.error(expected);
      case 'key':
      case 'key or }':
        if (character === '}' && expected === 'key or }') return this.close();
        return character === '"' ? this.string('colon') : this.error(expected);
      case 'value':
      case 'value or ]':
        if (character === ']' && expected === 'value or ]') return this.close();
        return this.value(expected);
    }
  }

  private value(expected: Expected): Expected | JsonError {
    const character = this.text[this.at];
    if (character === '{' || character === '[') {
      this.open.push(character);
      return this.take(character === '{' ? 'key or }' : 'value or ]');
    }
    if (character === '"') return this.string('comma or end');
    LITERAL.lastIndex = this.at;
    const end = LITERAL.test(this.text) ? LITERAL.lastIndex : numberEnd(this.text, this.at);
    if (end !== null) {
      this.at = end;
      return 'comma or end';
    }
    if (this.isCutLiteral()) this.at = this.text.length;
    return this.error(expected);
  }

  private isCutLiteral(): boolean {
    const rest = this.text.slice(this.at, this.at + 6);
    return rest !== '' && ['true', 'false', 'null', '-'].some((literal) => literal.startsWith(rest));
  }

  private string(next: Expected): Expected | JsonError {
    for (let at = this.at + 1; at < this.text.length; at++) {
      const code = this.text.charCodeAt(at);
      if (code === 34) {
        this.at = at + 1;
        return next;
      }
      if (code < 32)
        return { at, expected: 'an escape: control characters are not allowed in strings', valueEnd: null };
      if (code !== 92) continue;
      const escape = /\\(?:["\\/bfnrt]|u[0-9A-Fa-f]{4})/y;
      escape.lastIndex = at;
      if (!escape.test(this.text)) return this.badEscape(at);
      at = escape.lastIndex - 1;
    }
    return { at: this.text.length, expected: 'the end of the string', valueEnd: null };
  }

  private badEscape(at: number): JsonError {
    const isCutOff = at + 6 > this.text.length && /^\\(?:u[0-9A-Fa-f]{0,3})?$/.test(this.text.slice(at));
    return { at: isCutOff ? this.text.length : at, expected: 'an escape that JSON has', valueEnd: null };
  }

  private take(next: Expected): Expected {
    this.at++;
    return next;
  }

  private close(): Expected {
    this.open.pop();
    return this.take('comma or end');
  }

  private error(expected: Expected): JsonError {
    return { at: this.at, expected: WORDS[expected], valueEnd: null };
  }

  private skipSpace(): void {
    while (' \t\n\r'.includes(this.text[this.at] ?? '.')) this.at++;
  }
}

/** The offset after the number that begins at `at`, or null. Source: RFC 8259 §6. */
function numberEnd(text: string, at: number): number | null {
  const first = text[at] === '-' ? at + 1 : at;
  let end = text[first] === '0' ? first + 1 : digitsEnd(text, first);
  if (end === first) return null;
  if (text[end] === '.') end = afterDigits(text, end + 1) ?? end;
  if (text[end] === 'e' || text[end] === 'E') {
    const isSigned = text[end + 1] === '+' || text[end + 1] === '-';
    end = afterDigits(text, end + (isSigned ? 2 : 1)) ?? end;
  }
  return end;
}

function afterDigits(text: string, at: number): number | null {
  const end = digitsEnd(text, at);
  return end === at ? null : end;
}
