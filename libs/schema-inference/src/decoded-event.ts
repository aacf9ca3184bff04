import type { ObjectNode } from './json-tree.js';
import { readJsonTree } from './read-json-tree.js';

/** An event's exact tree and the text that its offsets refer to. */
export interface ExactEvent {
  readonly root: ObjectNode;
  readonly text: string;
}

/**
 * An event that passed every check: one JSON object with an event type.
 *
 * `attributes` are what goes to `_attributes`: the published ones, and for a CloudEvent its own as `ce-*`.
 */
export class DecodedEvent {
  readonly eventType: string;
  readonly attributes: Readonly<Record<string, unknown>>;
  /** The `_attributes` column's JSON text. */
  readonly attributesText: string;
  /** The whole message's text. */
  readonly text: string;
  private readonly isCloudEvent: boolean;
  private tree: ObjectNode | null = null;

  /** @internal made by `decodeEvent` only. */
  constructor(fields: {
    readonly eventType: string;
    readonly attributes: Readonly<Record<string, unknown>>;
    readonly attributesText: string;
    readonly text: string;
    readonly isCloudEvent: boolean;
  }) {
    this.eventType = fields.eventType;
    this.attributes = fields.attributes;
    this.attributesText = fields.attributesText;
    this.text = fields.text;
    this.isCloudEvent = fields.isCloudEvent;
  }

  /** The event with every literal kept; read on first use. */
  exact(): ExactEvent {
    this.tree ??= eventRoot(readJsonTree(this.text).root as ObjectNode, this.isCloudEvent);
    return { root: this.tree, text: this.text };
  }
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

function eventRoot(root: ObjectNode, isCloudEvent: boolean): ObjectNode {
  if (!isCloudEvent) return root;
  const event = root.members.find((member) => member.key === 'data')?.value;
  return event?.kind === 'object' ? event : EMPTY_EVENT;
}
