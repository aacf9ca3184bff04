/**
 * The keys and indexes of an RFC 6901 pointer.
 *
 * Shape: `/items/0/a~1b` → `['items', '0', 'a/b']`.
 */
export function stepsOf(pointer: string): string[] {
  return pointer
    .split('/')
    .slice(1)
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
}

/** The RFC 6901 pointer of keys and indexes: the reverse of {@link stepsOf}. */
export function pointerTo(steps: readonly string[]): string {
  return steps.map((step) => `/${step.replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}
