import { invalidQuery } from '../../rules/api-error.js';
import { RESERVED } from './keywords.js';
import type { Grammar } from './grammar.js';
import { placeOf, type Token, tokenize } from './tokens.js';

function refuse(): never {
  throw invalidQuery('Syntax error: Unexpected expression');
}
const NONE: Grammar = { expression: refuse, operand: refuse, query: refuse };

/** Reads a statement token by token; what does not come as expected is a syntax error with its place. */
export class TokenReader {
  readonly #tokens: readonly Token[];
  #next = 0;

  constructor(
    readonly sql: string,
    readonly grammar: Grammar = NONE,
  ) {
    this.#tokens = tokenize(sql);
  }

  /** Position of the next token, to come back to with {@link rewind}. */
  get position(): number {
    return this.#next;
  }

  rewind(position: number): void {
    this.#next = position;
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

  /** True if the next tokens are these words or signs, in any case. */
  is(...words: readonly string[]): boolean {
    return words.every((word, index) => this.isAt(index, word));
  }

  isAt(ahead: number, word: string): boolean {
    const token = this.peek(ahead);
    return (token.kind === 'word' || token.kind === 'sign') && token.text.toUpperCase() === word;
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

  /** A name, quoted or not, of any spelling. */
  name(): string {
    const token = this.peek();
    if (token.kind !== 'word' && token.kind !== 'quoted') throw this.unexpected('a name');
    return this.take().text;
  }

  /** A name that is quoted or no reserved word. */
  identifier(): string {
    const token = this.peek();
    if (token.kind === 'word' && RESERVED.has(token.text.toUpperCase()))
      throw invalidQuery(
        `Syntax error: Unexpected keyword ${token.text.toUpperCase()} ${placeOf(this.sql, token.start)}`,
      );
    return this.name();
  }

  /** True if an {@link identifier} comes next. */
  isIdentifier(ahead = 0): boolean {
    const token = this.peek(ahead);
    return token.kind === 'quoted' || (token.kind === 'word' && !RESERVED.has(token.text.toUpperCase()));
  }

  /** A dotted path; quoted parts may hold dots themselves, and a project may have dashes: `my-project-1.d.t`. */
  path(): string[] {
    const parts = [this.#pathPart()];
    while (this.accept('.')) parts.push(this.#pathPart());
    return parts.join('.').split('.');
  }

  #pathPart(): string {
    let part = this.name();
    while (this.is('-') && this.#isAdjacent(0) && this.#isAdjacent(1)) {
      this.take();
      part += `-${this.take().text}`;
      if (this.peek().kind === 'word' && this.#isAdjacent(0)) part += this.take().text;
      // The dot after digits belongs to the number's token.
      if (part.endsWith('.')) return `${part}${this.name()}`;
    }
    return part;
  }

  #isAdjacent(ahead: number): boolean {
    const token = this.peek(ahead);
    const before = this.peek(ahead - 1);
    return token.start === before.end && (token.kind === 'word' || token.kind === 'number' || ahead === 0);
  }

  place(token: Token = this.peek()): string {
    return placeOf(this.sql, token.start);
  }

  unexpected(expected: string): Error {
    const token = this.peek();
    const found = token.kind === 'end' ? 'end of statement' : `"${this.sql.slice(token.start, token.end)}"`;
    return invalidQuery(
      `Syntax error: Expected ${expected} but got ${found} ${placeOf(this.sql, token.start)}`,
    );
  }
}
