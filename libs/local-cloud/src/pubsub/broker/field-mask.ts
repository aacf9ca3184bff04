import { invalidArgument } from '../wire/status.js';

/**
 * Copy the masked fields of `given` over `current`; a masked field that `given` lacks is cleared.
 *
 * Paths come in either spelling (`push_config.push_endpoint`, `pushConfig`).
 * Errors: INVALID_ARGUMENT for an empty mask and for paths that may not be changed.
 */
export function applyMask<T extends object>(
  current: T,
  given: object,
  mask: string | undefined,
  changeable: ReadonlySet<string>,
): T {
  const paths = (mask ?? '').split(',').filter((path) => path !== '');
  if (paths.length === 0) {
    throw invalidArgument('The update_mask in the request must be set and contain at least one valid path.');
  }
  let updated: object = current;
  for (const path of paths.map(toCamelCase)) {
    const parts = path.split('.');
    if (!changeable.has(parts[0] ?? '')) {
      throw invalidArgument(
        `Invalid update_mask provided in the request: ${path} is not a known or mutable path.`,
      );
    }
    updated = copyPath(updated, given, parts);
  }
  return updated as T;
}

function toCamelCase(path: string): string {
  return path.trim().replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}

function copyPath(target: object, source: unknown, [part = '', ...rest]: readonly string[]): object {
  const fields = target as Readonly<Record<string, unknown>>;
  const value = typeof source === 'object' && source !== null ? (source as typeof fields)[part] : undefined;
  const copy = Object.fromEntries(Object.entries(fields).filter(([key]) => key !== part));
  if (rest.length > 0) {
    const child = fields[part];
    copy[part] = copyPath(typeof child === 'object' && child !== null ? child : {}, value, rest);
  } else if (value !== undefined) {
    copy[part] = value;
  }
  return copy;
}
