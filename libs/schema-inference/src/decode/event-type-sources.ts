/** One place in which a message may have its event type. */
export type EventTypeSource =
  /** A member of the event, by its keys from the root; a step through an array is a number's digits. */
  | { readonly kind: 'field'; readonly path: readonly string[] }
  | { readonly kind: 'attribute'; readonly name: string }
  /** The CloudEvents Pub/Sub binding (attributes `ce-specversion`, `ce-type`), or a structured CloudEvent. */
  | { readonly kind: 'cloudevent' }
  | { readonly kind: 'constant'; readonly eventType: string };

/** The sources of `EVENT_TYPE_FROM`, in order: the first that is present counts. */
export type EventTypeSources = readonly EventTypeSource[];

/** `field:event_type, attribute:event_type, cloudevent`. */
export const DEFAULT_EVENT_TYPE_SOURCES: EventTypeSources = [
  { kind: 'field', path: ['event_type'] },
  { kind: 'attribute', name: 'event_type' },
  { kind: 'cloudevent' },
];

export type ParsedSources =
  | { readonly kind: 'sources'; readonly sources: EventTypeSources }
  | { readonly kind: 'invalid'; readonly problem: string };

/** UTF-16 units of an event type: it is in log lines, labels and every row. */
export const MAX_EVENT_TYPE = 1_024;

/** True if the text is Unicode, not too long, and has a letter or digit. */
export function isEventType(text: string): boolean {
  if (text.length > MAX_EVENT_TYPE || !text.isWellFormed()) return false;
  return startsWithLetter(text) || /[\p{L}\p{Nd}]/u.test(text);
}

/** The common case, without the regular expression. */
function startsWithLetter(text: string): boolean {
  const code = text.charCodeAt(0) | 32;
  return code >= 97 && code <= 122;
}

/**
 * Parses the setting `EVENT_TYPE_FROM`.
 *
 * Shape: `field:/meta/kind, attribute:eventType, cloudevent, constant:other`. `field:` takes a literal key or, with a leading
 * `/`, an RFC 6901 pointer, which may pass through arrays; `constant:` comes last. Names with commas or colons need the
 * JSON form: `["field:a:b", "cloudevent"]`.
 * Outcomes: `sources`, or `invalid` with the problem and the remedy.
 */
export function parseEventTypeSources(text: string): ParsedSources {
  const parts = text.trimStart().startsWith('[') ? jsonParts(text) : listParts(text);
  if (!Array.isArray(parts)) return parts;
  const sources: EventTypeSource[] = [];
  for (const [index, part] of parts.entries()) {
    const source = parseSource(part);
    if (typeof source === 'string') return invalid(source);
    if (source.kind === 'constant' && index < parts.length - 1)
      return invalid('constant: must be the last source');
    sources.push(source);
  }
  const texts = new Set(sources.map((source) => JSON.stringify(source)));
  if (texts.size < sources.length) return invalid('a source is listed twice');
  return sources.length === 0 ? invalid('no source is listed') : { kind: 'sources', sources };
}

function listParts(text: string): string[] | ParsedSources {
  const parts = text.split(',').map((part) => part.trim());
  const odd = parts.find((part) => part.split(':').length > 2);
  if (odd === undefined) return parts;
  return invalid(`${odd} has two colons; write the setting as a JSON array of strings`);
}

function jsonParts(text: string): string[] | ParsedSources {
  try {
    const value = JSON.parse(text) as unknown;
    if (Array.isArray(value) && value.every((part): part is string => typeof part === 'string')) return value;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  return invalid('the setting begins with [ but is not a JSON array of strings');
}

function parseSource(part: string): EventTypeSource | string {
  if (part === 'cloudevent') return { kind: 'cloudevent' };
  const colon = part.indexOf(':');
  const kind = part.slice(0, Math.max(0, colon));
  const name = part.slice(colon + 1);
  if (kind !== 'field' && kind !== 'attribute' && kind !== 'constant') {
    return `${JSON.stringify(part)} is not field:NAME, field:/POINTER, attribute:NAME, cloudevent or constant:TYPE`;
  }
  if (name === '') return `${kind}: has no name`;
  if (kind === 'attribute') return { kind, name };
  if (kind === 'constant') {
    return isEventType(name) ? { kind, eventType: name } : `${JSON.stringify(name)} is not an event type`;
  }
  if (!name.startsWith('/')) return { kind, path: [name] };
  if (/~(?![01])/.test(name)) return `${name} is not a JSON pointer: ~ must be written as ~0`;
  const path = name.slice(1).split('/');
  return { kind, path: path.map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~')) };
}

function invalid(problem: string): { readonly kind: 'invalid'; readonly problem: string } {
  return { kind: 'invalid', problem };
}
