/** Bytes that stand in no UTF-8 text, so that they are found in none. */
export const NO_BYTES: Uint8Array = Buffer.of(0xff);

/** Tables have many keys in common, and a view of bytes takes more memory than the bytes: one is made for each key. */
const known = new Map<string, Uint8Array>();
const MAX_KNOWN = 20_000;

/** The bytes of a key as they stand in a text without escapes; of one that needs escapes, bytes that are in no UTF-8. */
export function keyBytesOf(key: string): Uint8Array {
  const present = known.get(key);
  if (present !== undefined) return present;
  if (known.size === MAX_KNOWN) known.clear();
  const bytes = toBytes(key);
  known.set(key, bytes);
  return bytes;
}

function toBytes(key: string): Uint8Array {
  const needsEscape = JSON.stringify(key).length !== key.length + 2 || !key.isWellFormed();
  return needsEscape ? NO_BYTES : Buffer.from(key, 'utf8');
}
