import type { CompiledSchema } from '../schema/compile-schema.js';
import type { JsonNode, ObjectNode } from '../values/json-tree.js';
import { MatchedContent } from './matched-content.js';
import { PlainWalk, type ParsedObject } from './plain-walk.js';
import { plainRow } from './plain-row.js';
import { readJsonTree } from '../values/read-json-tree.js';
import type { Row } from '../values/row.js';

/** An event's exact tree and the text that its offsets refer to. */
export interface ExactEvent {
  readonly root: ObjectNode;
  readonly text: string;
}

/** @internal What an event is made of. */
export interface EventFields {
  readonly eventType: string;
  readonly attributes: Readonly<Record<string, unknown>>;
  /** Null: as `JSON.stringify` writes the attributes. */
  readonly attributesText: string | null;
  readonly isCloudEvent: boolean;
  readonly content: EventContent;
}

/** @internal A message's JSON, and how far it has been looked into. */
export interface EventContent {
  readonly kind: 'content';
  readonly text: string;
  /** The message as `JSON.parse` gave it, where that is known to be exact; else null. */
  readonly plain: ParsedObject | null;
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
  private plainRowOf: { readonly compiled: CompiledSchema; readonly row: Row } | null = null;

  /** @internal made by `decodeEvent` only. */
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

  /** The `_attributes` column's JSON text. */
  get attributesText(): string {
    return this.writtenAttributes ?? JSON.stringify(this.attributes);
  }

  /** The event with every literal kept; read on first use. */
  exact(): ExactEvent {
    this.tree ??= eventRoot(this.content.tree ?? readJsonTree(this.text).root, this.isCloudEvent);
    return { root: this.tree, text: this.text };
  }

  /** @internal Did its bytes match the schema when it was decoded? Nothing is looked at. */
  matches(compiled: CompiledSchema): boolean {
    return this.content.fits === compiled && this.content instanceof MatchedContent;
  }

  /** @internal Is it known, without the exact tree, that every value fits the schema as it is? */
  fitsAsParsed(compiled: CompiledSchema): boolean {
    if (this.plainRowOf !== null) return this.plainRowOf.compiled === compiled;
    if (this.content.fits === compiled && !this.isCloudEvent) return true;
    const { plain } = this.content;
    if (plain === null) return false;
    return this.fitsPlain(this.isCloudEvent ? eventOf(plain) : plain, compiled);
  }

  /** @internal The row of an event that fits as it was parsed. The parsed object is used up; the text stays. */
  plainRow(compiled: CompiledSchema): Row {
    if (this.plainRowOf === null) {
      const plain = this.content.plain ?? NO_DATA;
      this.plainRowOf = {
        compiled,
        row: plainRow(this.isCloudEvent ? eventOf(plain) : plain, compiled.root),
      };
    }
    return this.plainRowOf.row;
  }

  private fitsPlain(plain: ParsedObject, compiled: CompiledSchema): boolean {
    const walk = new PlainWalk(this.text.length);
    return walk.record(plain, compiled.root) > 0 && walk.keys === this.countMembers(plain);
  }

  private countMembers(plain: ParsedObject): number {
    if (this.memberCount < 0) {
      const walk = new PlainWalk(this.text.length);
      walk.any(plain, 1);
      this.memberCount = walk.keys;
    }
    return this.memberCount;
  }
}

const NO_DATA: ParsedObject = {};

/** A CloudEvent's data. */
function eventOf(plain: ParsedObject): ParsedObject {
  return (plain['data'] ?? NO_DATA) as ParsedObject;
}

function eventRoot(root: JsonNode, isCloudEvent: boolean): ObjectNode {
  if (root.kind !== 'object') return EMPTY_EVENT;
  if (!isCloudEvent) return root;
  const event = root.members.find((member) => member.key === 'data')?.value;
  return event?.kind === 'object' ? event : EMPTY_EVENT;
}
