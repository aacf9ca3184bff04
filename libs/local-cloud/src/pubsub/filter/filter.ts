import { invalidArgument } from '../wire/status.js';
import { filterError, tokenizeFilter, type FilterToken } from './filter-tokens.js';

/** Returns true if a message with these attributes is delivered. */
export type MessageFilter = (attributes: Readonly<Record<string, string>>) => boolean;

const MAX_FILTER_BYTES = 256;

/**
 * Compile a subscription's filter; the empty one lets everything through.
 *
 * Syntax: `attributes:key`, `attributes.key = "v"`, `attributes.key != "v"` (also true without the key),
 * `hasPrefix(attributes.key, "p")`, `NOT` or `-`, `AND`, `OR`, parentheses; keys with other characters in quotes.
 * `AND` and `OR` in one expression need parentheses. Limits: 256 bytes.
 * Errors: INVALID_ARGUMENT with the column.
 * Source: https://cloud.google.com/pubsub/docs/subscription-message-filter, read 2026-11-22.
 */
export function compileFilter(filter: string): MessageFilter {
  if (filter === '') return () => true;
  if (Buffer.byteLength(filter) > MAX_FILTER_BYTES) {
    throw invalidArgument(`The filter is longer than ${MAX_FILTER_BYTES} bytes.`);
  }
  return new FilterParser(tokenizeFilter(filter)).parse();
}

/** One method per rule of the grammar, from the loosest binding to the tightest. */
class FilterParser {
  private position = 0;

  constructor(private readonly tokens: readonly FilterToken[]) {}

  parse(): MessageFilter {
    const filter = this.expression();
    if (this.next.kind !== 'end') throw filterError(this.next.at);
    return filter;
  }

  private get next(): FilterToken {
    return this.tokens[this.position] ?? { kind: 'end', value: '', at: 0 };
  }

  private take(): FilterToken {
    const token = this.next;
    this.position += 1;
    return token;
  }

  private takeIf(kind: FilterToken['kind'], value: string): boolean {
    if (this.next.kind !== kind || this.next.value !== value) return false;
    this.position += 1;
    return true;
  }

  private expect(kind: FilterToken['kind'], value?: string): string {
    const token = this.take();
    if (token.kind !== kind || (value !== undefined && token.value !== value)) throw filterError(token.at);
    return token.value;
  }

  private expression(): MessageFilter {
    const parts = [this.factor()];
    const operator = this.next.value;
    if (this.next.kind !== 'word' || (operator !== 'AND' && operator !== 'OR'))
      return parts[0] ?? (() => true);
    while (this.takeIf('word', operator)) parts.push(this.factor());
    return operator === 'AND'
      ? (attributes) => parts.every((part) => part(attributes))
      : (attributes) => parts.some((part) => part(attributes));
  }

  private factor(): MessageFilter {
    if (!this.takeIf('word', 'NOT') && !this.takeIf('sign', '-')) return this.term();
    const negated = this.term();
    return (attributes) => !negated(attributes);
  }

  private term(): MessageFilter {
    if (this.takeIf('sign', '(')) {
      const inner = this.expression();
      this.expect('sign', ')');
      return inner;
    }
    return this.takeIf('word', 'hasPrefix') ? this.prefixCall() : this.comparison();
  }

  private prefixCall(): MessageFilter {
    this.expect('sign', '(');
    this.expect('word', 'attributes');
    this.expect('sign', '.');
    const key = this.key();
    this.expect('sign', ',');
    const prefix = this.expect('text');
    this.expect('sign', ')');
    return (attributes) => valueOf(attributes, key)?.startsWith(prefix) ?? false;
  }

  private comparison(): MessageFilter {
    this.expect('word', 'attributes');
    if (this.takeIf('sign', ':')) {
      const key = this.key();
      return (attributes) => valueOf(attributes, key) !== undefined;
    }
    this.expect('sign', '.');
    const key = this.key();
    const isEquality = this.takeIf('sign', '=');
    if (!isEquality) this.expect('sign', '!=');
    const value = this.expect('text');
    return (attributes) => (valueOf(attributes, key) === value) === isEquality;
  }

  private key(): string {
    const token = this.take();
    if (token.kind !== 'word' && token.kind !== 'text') throw filterError(token.at);
    return token.value;
  }
}

function valueOf(attributes: Readonly<Record<string, string>>, key: string): string | undefined {
  return Object.hasOwn(attributes, key) ? attributes[key] : undefined;
}
