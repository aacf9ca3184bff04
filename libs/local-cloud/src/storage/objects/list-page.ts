import { compareUtf8 } from '../state/names.js';
import { StorageError } from '../state/storage.errors.js';

/** One line of a listing: a generation of an object. */
export interface ListEntry {
  readonly name: string;
  readonly generation: number;
}

export interface ListOptions {
  readonly prefix: string;
  readonly delimiter: string;
  readonly includeTrailingDelimiter: boolean;
  readonly startOffset: string;
  /** Empty: no end. */
  readonly endOffset: string;
  readonly maxResults: number;
  readonly pageToken: string | null;
}

export interface ListPage<Entry> {
  readonly items: readonly Entry[];
  readonly prefixes: readonly string[];
  readonly nextPageToken: string | null;
}

/** End of a page: after this generation of a name, or after all names below a prefix. */
interface Position {
  readonly after: string;
  readonly generation: number | null;
}

/**
 * One page of a listing; `entries` are in UTF-8 order of names, then by generation.
 *
 * Shape: `a/1, a/2, b` with delimiter `/` → items `b`, prefixes `a/`. Limits: items and prefixes together are at
 * most `maxResults` (one more where `includeTrailingDelimiter` gives both for one name). Refuses a page token it did not write with `invalid`.
 * Source: docs.cloud.google.com/storage/docs/json_api/v1/objects/list, read 2026-11-22.
 */
export function listPage<Entry extends ListEntry>(
  entries: readonly Entry[],
  options: ListOptions,
): ListPage<Entry> {
  const position = options.pageToken === null ? null : parseToken(options.pageToken);
  const start = [options.prefix, options.startOffset, position?.after ?? ''].reduce(laterName);
  const items: Entry[] = [];
  const prefixes: string[] = [];
  let last: Position | null = null;
  for (let at = firstIndex(entries, start); at < entries.length; at++) {
    const entry = entries[at];
    if (entry === undefined || !entry.name.startsWith(options.prefix)) break;
    if (options.endOffset !== '' && compareUtf8(entry.name, options.endOffset) >= 0) break;
    if (position !== null && isBefore(entry, position)) continue;
    const folder = toFolder(entry.name, options);
    if (folder !== null && folder === prefixes.at(-1) && !isTrailing(entry.name, folder, options)) continue;
    if (items.length + prefixes.length >= options.maxResults) {
      return { items, prefixes, nextPageToken: last === null ? null : toToken(last) };
    }
    if (folder === null || isTrailing(entry.name, folder, options)) {
      items.push(entry);
      last = { after: entry.name, generation: entry.generation };
    }
    if (folder !== null && folder !== prefixes.at(-1)) {
      prefixes.push(folder);
      last = { after: folder, generation: null };
    }
  }
  return { items, prefixes, nextPageToken: null };
}

function laterName(left: string, right: string): string {
  return compareUtf8(left, right) >= 0 ? left : right;
}

function firstIndex(entries: readonly ListEntry[], name: string): number {
  let low = 0;
  let high = entries.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (compareUtf8(entries[middle]?.name ?? '', name) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

function isBefore(entry: ListEntry, position: Position): boolean {
  if (position.generation === null) return entry.name.startsWith(position.after);
  return entry.name === position.after && entry.generation <= position.generation;
}

function toFolder(name: string, { prefix, delimiter }: ListOptions): string | null {
  if (delimiter === '') return null;
  const at = name.indexOf(delimiter, prefix.length);
  return at < 0 ? null : name.slice(0, at + delimiter.length);
}

function isTrailing(name: string, folder: string, options: ListOptions): boolean {
  return options.includeTrailingDelimiter && name === folder;
}

function toToken(position: Position): string {
  return Buffer.from(JSON.stringify([position.after, position.generation])).toString('base64url');
}

function parseToken(token: string): Position {
  try {
    const value: unknown = JSON.parse(Buffer.from(token, 'base64url').toString());
    const [after, generation] = Array.isArray(value) ? (value as readonly unknown[]) : [];
    if (typeof after === 'string' && (generation === null || typeof generation === 'number')) {
      return { after, generation };
    }
  } catch {
    // Not one of ours: answered below like any other wrong token.
  }
  throw new StorageError('invalid', 'Invalid page token.');
}
