import type { CompiledSchema } from '../schema/compile-schema.js';
import type { EventContent } from './decoded-event.js';
import type { WireWriter } from '../values/wire-writer.js';
import { fieldsOf } from './match-bytes.js';
import type { ParsedObject } from './parsed-walk.js';

/** A message whose bytes are known to fit a schema. It is parsed only if a caller asks for its text or a row. */
export class MatchedContent implements EventContent {
  readonly kind = 'content';
  readonly tree = null;
  private read: string | null = null;
  private value: ParsedObject | null = null;

  constructor(
    readonly bytes: Buffer,
    readonly fits: CompiledSchema,
    /** The number of the comparison that matched. */
    private readonly comparison: number,
  ) {}

  get text(): string {
    this.read ??= this.bytes.toString();
    return this.read;
  }

  /** Exact, because a text that matched has no number that a double would round. */
  get parsed(): ParsedObject {
    this.value ??= JSON.parse(this.text) as ParsedObject;
    return this.value;
  }

  /** A writer with the row's fields, until the next event is compared. */
  fields(): WireWriter {
    return fieldsOf(this.bytes, this.fits.root, this.comparison);
  }
}
