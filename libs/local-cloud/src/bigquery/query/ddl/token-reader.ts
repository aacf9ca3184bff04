import { invalidQuery } from '../../rules/api-error.js';
import { placeOf, type Token, tokenize } from './tokens.js';

/** Reads a statement token by token; what does not come as expected is a syntax error with its place. */
export class TokenReader {
  readonly #tokens: readonly Token[];
  #next = 0;

  constructor(readonly sql: string) {
    this.#tokens = tokenize(sql);
  }

  peek(ahead = 0): Token {
    const token = this.#tokens[Math.min(this.#next + ahead, this.#tokens.length - 1)];
    if (token === undefined) throw invalidQuery('Syntax error: Unexpected end of statement');
    return token;
  }

  take(): Token {
    const token = this.peek();
    this.#next += 1;
    return token;
  }

  /** Whether the next tokens are these words or signs, in any case. */
  is(...words: readonly string[]): boolean {
    return words.every((word, index) => {
      const token = this.peek(index);
      return (token.kind === 'word' || token.kind === 'sign') && token.text.toUpperCase() === word;
    });
  }

  /** Takes these words if they come next. */
  accept(...words: readonly string[]): boolean {
    const here = this.is(...words);
    if (here) this.#next += words.length;
    return here;
  }

  expect(...words: readonly string[]): void {
    if (!this.accept(...words)) throw this.unexpected(words.join(' '));
  }

  /** A name, quoted or not. */
  name(): string {
    const token = this.take();
    if (token.kind === 'word' || token.kind === 'quoted') return token.text;
    this.#next -= 1;
    throw this.unexpected('a name');
  }

  /** A dotted path; quoted parts may hold dots themselves, and a project may have dashes: `my-project-1.d.t`. */
  path(): string[] {
    let text = this.#pathPart();
    // The dot after a digit belongs to the number's token.
    while (text.endsWith('.') || this.accept('.')) text = `${text.replace(/\.$/, '')}.${this.#pathPart()}`;
    return text.split('.');
  }

  #pathPart(): string {
    let part = this.name();
    if (!this.is('-')) return part;
    while (this.peek().start === this.peek(-1).end && !part.endsWith('.') && this.#continuesPath())
      part += this.take().text;
    return part;
  }

  #continuesPath(): boolean {
    return this.is('-') || this.peek().kind === 'word' || this.peek().kind === 'number';
  }

  unexpected(expected: string): Error {
    const token = this.peek();
    const found = token.kind === 'end' ? 'end of statement' : `"${this.sql.slice(token.start, token.end)}"`;
    return invalidQuery(
      `Syntax error: Expected ${expected} but got ${found} ${placeOf(this.sql, token.start)}`,
    );
  }
}
