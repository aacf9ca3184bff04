import type { CompiledSchema } from '../schema/compile-schema.js';
import type { JsonNode, ObjectNode } from '../values/json-tree.js';
import { MatchedContent } from './matched-content.js';
import { ParsedWalk, type ParsedObject } from './parsed-walk.js';
import { parsedRow } from './parsed-row.js';
import { readJsonTree } from '../values/read-json-tree.js';
import type { Row } from '../values/row.js';
import type { WireWriter } from '../values/wire-writer.js';

/** An event's exact tree and the text that its offsets refer to. */
export interface ExactEvent {
  readonly root: ObjectNode;
  readonly text: string;
}

/** @internal Parts of an event. */
export interface EventFields {
  readonly eventType: string;
  readonly attributes: Readonly<Record<string, unknown>>;
  /** Null: as `JSON.stringify` writes the attributes. */
  readonly attributesText: string | null;
  readonly isCloudEvent: boolean;
  readonly content: EventContent;
}

/** @internal A message's JSON and what is known about it. */
export interface EventContent {
  readonly kind: 'content';
  readonly text: string;
  /** The result of `JSON.parse` if it is known to be exact; else null. */
  readonly parsed: ParsedObject | null;
  /** The schema that all of the message is known to fit. */
  readonly fits: CompiledSchema | null;
  readonly tree: ObjectNode | null;
}

const EMPTY_EVENT: ObjectNode = {
  kind: 'object',
  members: [],
  start: 0,
  end: 0,
  hasScalar: false,
  isUnicode: true,
  isJsonExact: true,
};

/**
 * An event that passed every check: one JSON object with an event type.
 *
 * `attributes` are what goes to `_attributes`: the published ones, and for a CloudEvent its own as `ce-*`.
 */
export class DecodedEvent {
  readonly eventType: string;
  readonly attributes: Readonly<Record<string, unknown>>;
  private readonly writtenAttributes: string | null;
  private readonly content: EventContent;
  private readonly isCloudEvent: boolean;
  private tree: ObjectNode | null = null;
  private memberCount = -1;
  private parsedRowOf: { readonly compiled: CompiledSchema; readonly row: Row } | null = null;

  /** @internal Created by `decodeEvent` only. */
  constructor(fields: EventFields) {
    this.eventType = fields.eventType;
    this.attributes = fields.attributes;
    this.writtenAttributes = fields.attributesText;
    this.isCloudEvent = fields.isCloudEvent;
    this.content = fields.content;
  }

  /** The whole message's text. */
  get text(): string {
    return this.content.text;
  }

  /** @internal Size of the whole message if its bytes matched a schema, else that of its text. */
  get dataBytes(): number {
    return this.content instanceof MatchedContent ? this.content.bytes.length : this.content.text.length;
  }

  /** The `_attributes` column's JSON text. */
  get attributesText(): string {
    return this.writtenAttributes ?? JSON.stringify(this.attributes);
  }

  /** The event with every literal kept; read on first use. */
  exact(): ExactEvent {
    this.tree ??= eventRoot(this.content.tree ?? readJsonTree(this.text).root, this.isCloudEvent);
    return { root: this.tree, text: this.text };
  }

  /** @internal True if its bytes matched the schema when it was decoded. */
  matches(compiled: CompiledSchema): boolean {
    return this.content.fits === compiled && this.content instanceof MatchedContent;
  }

  /** @internal A writer with its row's fields of that schema, if its bytes matched; else null. */
  writtenFields(compiled: CompiledSchema): WireWriter | null {
    const { content } = this;
    return content instanceof MatchedContent && content.fits === compiled ? content.fields() : null;
  }

  /** @internal True if every value is known to fit the schema as it is, without the exact tree. */
  fitsAsParsed(compiled: CompiledSchema): boolean {
    if (this.parsedRowOf !== null) return this.parsedRowOf.compiled === compiled;
    if (this.content.fits === compiled && !this.isCloudEvent) return true;
    const { parsed } = this.content;
    if (parsed === null) return false;
    return this.fitsParsed(this.isCloudEvent ? eventOf(parsed) : parsed, compiled);
  }

  /** @internal Returns the row of an event that fits as it was parsed. It consumes the parsed object. */
  parsedRow(compiled: CompiledSchema): Row {
    if (this.parsedRowOf === null) {
      const parsed = this.content.parsed ?? NO_DATA;
      this.parsedRowOf = {
        compiled,
        row: parsedRow(this.isCloudEvent ? eventOf(parsed) : parsed, compiled.root),
      };
    }
    return this.parsedRowOf.row;
  }

  private fitsParsed(parsed: ParsedObject, compiled: CompiledSchema): boolean {
    const walk = new ParsedWalk(this.text.length);
    return walk.record(parsed, compiled.root) > 0 && walk.keys === this.countMembers(parsed);
  }

  private countMembers(parsed: ParsedObject): number {
    if (this.memberCount < 0) {
      const walk = new ParsedWalk(this.text.length);
      walk.any(parsed, 1);
      this.memberCount = walk.keys;
    }
    return this.memberCount;
  }
}

const NO_DATA: ParsedObject = {};

/** A CloudEvent's data. */
function eventOf(parsed: ParsedObject): ParsedObject {
  return (parsed['data'] ?? NO_DATA) as ParsedObject;
}

function eventRoot(root: JsonNode, isCloudEvent: boolean): ObjectNode {
  if (root.kind !== 'object') return EMPTY_EVENT;
  if (!isCloudEvent) return root;
  const event = root.members.find((member) => member.key === 'data')?.value;
  return event?.kind === 'object' ? event : EMPTY_EVENT;
}
