import type { RootObject } from './root-object.js';
import { setOwn } from '../values/row.js';

/** Members of a CloudEvent that do not become attributes. */
const OWN_MEMBERS: ReadonlySet<string> = new Set(['type', 'data', 'data_base64']);

/** True if the object itself is a CloudEvent in structured mode, version 1.0. Source: CloudEvents 1.0.2, section 3, read 2026-11-22. */
export function isCloudEvent(root: RootObject): boolean {
  if (root.member('specversion')?.string !== '1.0') return false;
  return ['id', 'source', 'type'].every((name) => {
    const text = root.member(name)?.string ?? '';
    return text !== '';
  });
}

/**
 * The published attributes and, as `ce-*`, the CloudEvent's own, with their JSON types.
 *
 * A name that is published already gets `ce-` once more, until it is free.
 */
export function cloudEventAttributes(
  root: RootObject,
  published: Readonly<Record<string, string>>,
): { readonly attributes: Readonly<Record<string, unknown>>; readonly attributesText: string } {
  const texts = new Map(Object.entries(published).map(([name, value]) => [name, JSON.stringify(value)]));
  for (const [key, text] of root.entries()) {
    if (OWN_MEMBERS.has(key)) continue;
    let name = `ce-${key}`;
    while (texts.has(name)) name = `ce-${name}`;
    texts.set(name, text);
  }
  const attributes: Record<string, unknown> = {};
  for (const [name, text] of texts) setOwn<unknown>(attributes, name, JSON.parse(text));
  const members = [...texts].map(([name, text]) => `${JSON.stringify(name)}:${text}`);
  return { attributes, attributesText: `{${members.join(',')}}` };
}
