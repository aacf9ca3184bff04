import type { CompiledSchema } from './compile-schema.js';
import type { EventContent } from './decoded-event.js';
import type { ParsedObject } from './plain-walk.js';

/** A message that is known by its bytes to fit a schema, and is parsed only if somebody asks for a row. */
export class MatchedContent implements EventContent {
  readonly kind = 'content';
  readonly tree = null;
  private parsed: ParsedObject | null = null;

  constructor(
    readonly text: string,
    readonly fits: CompiledSchema,
  ) {}

  /** Exact: a text that matched has no number that a double would round. */
  get plain(): ParsedObject {
    this.parsed ??= JSON.parse(this.text) as ParsedObject;
    return this.parsed;
  }
}
