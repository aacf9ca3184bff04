import { isLosslessNumber, LosslessNumber, parse, stringify } from 'lossless-json';
import { applyPatch, type Operation } from 'rfc6902';

/** An edited event, or the reason for which the edit is impossible. */
export type Edited =
  | { readonly kind: 'edited'; readonly data: Buffer }
  | { readonly kind: 'impossible'; readonly detail: string };

/** The elements of a message that holds several events. */
export type Split =
  | { readonly kind: 'split'; readonly events: readonly Buffer[] }
  | { readonly kind: 'impossible'; readonly detail: string };

/** A JSON Patch (RFC 6902), checked. Its numbers keep their digits. */
export type JsonPatch = readonly Operation[];

const OPERATIONS: readonly unknown[] = ['add', 'remove', 'replace', 'move', 'copy', 'test'];

/**
 * Reads a JSON Patch.
 *
 * Shape: `[{"op":"remove","path":"/debug"}]`
 * @throws SyntaxError with the reason
 */
export function parseJsonPatch(text: string): JsonPatch {
  const patch = parseTagged(text);
  if (!Array.isArray(patch) || patch.length === 0)
    throw new SyntaxError('a JSON Patch is an array of operations: [{"op":"remove","path":"/field"}]');
  return patch.map((operation, index) => {
    const members = (isObject(operation) ? operation : {}) as Record<string, unknown>;
    const textOf = (name: string): unknown =>
      typeof members[name] === 'string' ? members[name].slice(1) : undefined;
    const [op, path, from] = [textOf('op'), textOf('path'), textOf('from')];
    if (!OPERATIONS.includes(op) || typeof path !== 'string')
      throw new SyntaxError(`operation ${index} needs "op" (${OPERATIONS.join(', ')}) and "path"`);
    return { ...members, op, path, ...(from === undefined ? {} : { from }) } as unknown as Operation;
  });
}

/** Applies a patch to the bytes of an event: values that the patch does not name keep every digit and every key. */
export function editEvent(data: Buffer, patch: JsonPatch): Edited {
  let event: unknown;
  try {
    event = parseTagged(data.toString());
  } catch (cause) {
    const words = cause instanceof Error ? cause.message : String(cause);
    return { kind: 'impossible', detail: `a JSON Patch needs JSON: ${words}` };
  }
  // A patch may replace the whole document, which only a container can hold.
  const holder = { event };
  const rooted = patch.map((operation) => ({
    ...operation,
    path: `/event${operation.path}`,
    ...('from' in operation ? { from: `/event${operation.from}` } : {}),
  })) as Operation[];
  for (const [index, operation] of rooted.entries()) {
    const [failure] = applyPatch(holder, [operation]);
    if (failure != null) {
      const { op = '', path = '' } = patch[index] ?? {};
      return { kind: 'impossible', detail: `${op} ${path}: ${REASONS[failure.name] ?? failure.name}` };
    }
  }
  return { kind: 'edited', data: Buffer.from(stringifyTagged(holder.event)) };
}

const REASONS: Readonly<Record<string, string>> = {
  MissingError: 'the event has no such value',
  TestError: 'the event has another value',
  InvalidOperationError: 'no such operation',
};

/** Splits a JSON array, or lines of JSON, into its elements. Lines keep their bytes, elements every digit and key. */
export function splitEvents(data: Buffer): Split {
  const text = data.toString();
  let elements: unknown;
  try {
    elements = parseTagged(text);
  } catch {
    return splitLines(text);
  }
  if (!Array.isArray(elements))
    return { kind: 'impossible', detail: 'it is one JSON value and not an array' };
  if (elements.length === 0) return { kind: 'impossible', detail: 'it is an empty array' };
  return { kind: 'split', events: elements.map((element) => Buffer.from(stringifyTagged(element))) };
}

function splitLines(text: string): Split {
  const lines = text.split(/\r?\n/).filter((line) => line.trim() !== '');
  for (const line of lines) {
    try {
      parse(line);
    } catch {
      return { kind: 'impossible', detail: 'it is neither a JSON array nor lines of JSON' };
    }
  }
  if (lines.length < 2) return { kind: 'impossible', detail: 'it is neither a JSON array nor lines of JSON' };
  return { kind: 'split', events: lines.map((line) => Buffer.from(line)) };
}

/**
 * JSON in which every string begins with `s`, and every number is a string that begins with `n` and keeps its digits: the
 * patch library compares and copies both like any value.
 */
function parseTagged(text: string): unknown {
  return parse(text.replace(/^\ufeff/, ''), (_key, value) => {
    if (typeof value === 'string') return `s${value}`;
    return isLosslessNumber(value) ? `n${value.value}` : value;
  });
}

function stringifyTagged(value: unknown): string {
  const text = stringify(value, (_key: string, member: unknown) => {
    if (typeof member !== 'string') return member;
    return member.startsWith('n') ? new LosslessNumber(member.slice(1)) : member.slice(1);
  });
  return text ?? 'null';
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
