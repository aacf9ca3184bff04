import { StorageError } from './storage.errors.js';

const MAX_OBJECT_NAME_BYTES = 1024;

/**
 * Refuse a bucket name the service would refuse.
 *
 * Limits: 3–63 characters, 222 with dots, 63 between dots; lower case letters, digits, `-`, `_`, `.`; a letter or
 * digit at both ends; no IP address; no `goog` at the start and no `google` anywhere.
 * Source: docs.cloud.google.com/storage/docs/buckets#naming, read 2026-11-22. Not checked: ownership of a domain.
 */
export function checkBucketName(name: string): void {
  const dotted = name.includes('.');
  const parts = name.split('.');
  const legal =
    /^[a-z0-9][a-z0-9._-]*[a-z0-9]$/.test(name) &&
    name.length >= 3 &&
    name.length <= (dotted ? 222 : 63) &&
    parts.every((part) => part.length >= 1 && part.length <= 63) &&
    !/^\d+\.\d+\.\d+\.\d+$/.test(name) &&
    !name.startsWith('goog') &&
    !/g[o0]{2}gle/.test(name);
  if (!legal) throw new StorageError('invalid', `Invalid bucket name: '${name}'`);
}

/**
 * Refuse an object name the service would refuse.
 *
 * Limits: 1–1024 bytes of UTF-8, no carriage return or line feed, not `.` or `..`, not under
 * `.well-known/acme-challenge/`. Source: docs.cloud.google.com/storage/docs/objects#naming, read 2026-11-22.
 */
export function checkObjectName(name: string): void {
  if (name === '') throw new StorageError('required', 'Required');
  const legal =
    Buffer.byteLength(name, 'utf8') <= MAX_OBJECT_NAME_BYTES &&
    !/[\r\n]/.test(name) &&
    name.isWellFormed() &&
    name !== '.' &&
    name !== '..' &&
    !name.startsWith('.well-known/acme-challenge/');
  if (!legal)
    throw new StorageError('invalid', `Disallowed object name: ${JSON.stringify(name.slice(0, 100))}`);
}

/** Order of UTF-8 bytes, which is the order of listings; differs from `<` only where surrogate pairs meet U+E000 and above. */
export function compareUtf8(left: string, right: string): number {
  const shared = Math.min(left.length, right.length);
  for (let at = 0; at < shared; at++) {
    const a = left.charCodeAt(at);
    const b = right.charCodeAt(at);
    if (a !== b) return rank(a) - rank(b);
  }
  return left.length - right.length;
}

function rank(codeUnit: number): number {
  if (codeUnit < 0xd800) return codeUnit;
  return codeUnit <= 0xdfff ? codeUnit + 0x2000 : codeUnit - 0x800;
}
