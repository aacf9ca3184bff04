import type { CompiledSchema } from '../schema/compile-schema.js';
import type { EventContent } from './decoded-event.js';
import type { ParsedObject } from './plain-walk.js';

/** A message that is known by its bytes to fit a schema: it is read only if somebody asks for its text or a row. */
export class MatchedContent implements EventContent {
  readonly kind = 'content';
  readonly tree = null;
  private read: string | null = null;
  private parsed: ParsedObject | null = null;

  constructor(
    private readonly bytes: Buffer,
    readonly fits: CompiledSchema,
  ) {}

  get text(): string {
    this.read ??= this.bytes.toString();
    return this.read;
  }

  /** Exact: a text that matched has no number that a double would round. */
  get plain(): ParsedObject {
    this.parsed ??= JSON.parse(this.text) as ParsedObject;
    return this.parsed;
  }
}
