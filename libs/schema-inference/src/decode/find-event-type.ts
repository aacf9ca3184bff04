import { isCloudEvent } from './cloud-event.js';
import type { EventTypeSource, EventTypeSources } from './event-type-sources.js';
import { EventTypeCache } from './event-type-cache.js';
import type { EventBytes } from './event-bytes.js';
import { leadingString } from './match-bytes.js';
import type { ParsedObject } from './parsed-walk.js';
import { parsedAt, type RootObject } from './root-object.js';
import { layOutMembers, type MemberLayout } from '../schema/member-layout.js';
import { VALUE_FORMS } from '../schema/value-form.js';

export type Attributes = Readonly<Record<string, string>>;

/** The first source that is present. `eventType` is null if its value is not a string. */
export interface FoundType {
  readonly source: EventTypeSource;
  readonly eventType: string | null;
  /** True if the message is a structured CloudEvent, whose `data` is the event. */
  readonly isStructured: boolean;
}

/** Returns the attribute of that name, if it was published. */
function attribute(attributes: Attributes, name: string): string | undefined {
  return Object.hasOwn(attributes, name) ? attributes[name] : undefined;
}

/** The `ce-type` of the CloudEvents Pub/Sub binding. Source: CloudEvents Pub/Sub protocol binding, read 2026-11-29. */
function boundType(attributes: Attributes): string | undefined {
  return attribute(attributes, 'ce-specversion') === undefined ? undefined : attribute(attributes, 'ce-type');
}

/** Finds the event type by the full rules; undefined if no source is present. */
export function findEventType(
  root: RootObject,
  attributes: Attributes,
  sources: EventTypeSources,
): FoundType | undefined {
  for (const source of sources) {
    const eventType = typeOf(source, root, attributes);
    if (eventType !== undefined) return { source, eventType, isStructured: false };
    if (source.kind === 'cloudevent' && isCloudEvent(root)) {
      return { source, eventType: root.member('type')?.string ?? null, isStructured: true };
    }
  }
  return undefined;
}

function typeOf(
  source: EventTypeSource,
  root: RootObject,
  attributes: Attributes,
): string | null | undefined {
  switch (source.kind) {
    case 'field':
      return root.at(source.path)?.string;
    case 'attribute':
      return attribute(attributes, source.name);
    case 'cloudevent':
      return boundType(attributes);
    case 'constant':
      return source.eventType;
  }
}

/** Finds the type of a parsed message in the common cases; undefined means "use the full rules". */
export function parsedEventType(
  root: ParsedObject,
  attributes: Attributes,
  sources: EventTypeSources,
): string | undefined {
  for (const source of sources) {
    if (source.kind === 'cloudevent') return boundType(attributes);
    if (source.kind === 'constant') return source.eventType;
    const value = source.kind === 'field' ? parsedAt(root, source.path) : attribute(attributes, source.name);
    if (value !== undefined && value !== null) return typeof value === 'string' ? value : undefined;
  }
  return undefined;
}

/** The type of a message that is not parsed, and the keys that must not be in it for the type to count. */
export interface LeadingType {
  readonly eventType: string;
  readonly absentKeys: readonly string[];
}

/** Finds the type in attributes or in the first member of the bytes; null means "parse first". */
export function leadingEventType(
  bytes: EventBytes,
  attributes: Attributes,
  sources: EventTypeSources,
): LeadingType | null {
  let absentKeys = NO_KEYS;
  for (const source of sources) {
    const eventType = leadingTypeOf(source, bytes, attributes);
    if (eventType === null) return null;
    if (eventType !== undefined) return { eventType, absentKeys };
    if (source.kind === 'field') absentKeys = [...absentKeys, source.path[0] ?? ''];
  }
  return null;
}

const NO_KEYS: readonly string[] = [];
const types = new EventTypeCache();

function leadingTypeOf(
  source: EventTypeSource,
  bytes: EventBytes,
  attributes: Attributes,
): string | null | undefined {
  switch (source.kind) {
    case 'field':
      return source.path.length === 1
        ? (leadingString(bytes, layoutOf(source), types) ?? undefined)
        : undefined;
    case 'attribute':
      return attribute(attributes, source.name);
    case 'cloudevent':
      return boundType(attributes) ?? null;
    case 'constant':
      return source.eventType;
  }
}

const layouts = new WeakMap<EventTypeSource, MemberLayout>();

function layoutOf(source: Extract<EventTypeSource, { kind: 'field' }>): MemberLayout {
  let layout = layouts.get(source);
  if (layout === undefined) {
    const key = source.path[0] ?? '';
    const { STRING: valueForm, NEVER: elementForm } = VALUE_FORMS;
    layout = layOutMembers([{ key, mode: 'NULLABLE', valueForm, elementForm, fieldTag: 0 }]);
    layouts.set(source, layout);
  }
  return layout;
}
