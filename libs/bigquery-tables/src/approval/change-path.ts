import type { SchemaChange, Shape } from '@pipeline/schema-inference';

/**
 * The event keys that a person names: a pointer as `contracts pending` prints it, or keys joined by dots.
 *
 * Shape: `/items/*\/sku` → `items`, `sku`; `items.sku` → the same.
 */
export function keysOf(path: string): readonly string[] {
  if (!path.startsWith('/')) return path.split('.').filter((key) => key !== '' && !isIndex(key));
  const steps = path
    .slice(1)
    .split('/')
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
  return steps.filter((key) => !isIndex(key));
}

/** The path of keys as a pointer without indexes. */
export function pathOf(keys: readonly string[]): string {
  return keys.map((key) => `/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}

/**
 * Returns the part of a change that lies at or below a path of keys; null if none does, and for a relaxation, which needs no approval.
 *
 * A new record of which only one field is named becomes a new record with that field.
 */
export function restrictChange(change: SchemaChange, keys: readonly string[]): SchemaChange | null {
  if (change.kind === 'relax') return null;
  const own = change.path.filter((key) => !isIndex(key));
  if (startsWith(own, keys)) return change;
  if (change.kind !== 'add' || !startsWith(keys, own)) return null;
  const shape = restrictShape(change.shape, keys.slice(own.length));
  return shape === null ? null : { ...change, shape };
}

function restrictShape(shape: Shape, [key, ...rest]: readonly string[]): Shape | null {
  if (key === undefined) return shape;
  if (shape.type !== 'RECORD') return null;
  const field = shape.fields.get(key);
  const restricted = field === undefined ? null : restrictShape(field, rest);
  return restricted === null ? null : { ...shape, fields: new Map([[key, restricted]]) };
}

function startsWith(path: readonly string[], beginning: readonly string[]): boolean {
  return beginning.every((key, index) => path[index] === key);
}

/** Indexes of arrays are no keys; an index of a pattern is `*`. */
function isIndex(step: string): boolean {
  return step === '*' || /^(?:0|[1-9][0-9]*)$/.test(step);
}
