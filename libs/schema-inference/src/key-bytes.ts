/** Bytes that stand in no UTF-8 text, so that they are found in none. */
export const NO_BYTES: Uint8Array = Buffer.of(0xff);

/** The bytes of a key as they stand in a text without escapes; of one that needs escapes, bytes that are in no UTF-8. */
export function keyBytesOf(key: string): Uint8Array {
  const needsEscape = JSON.stringify(key).length !== key.length + 2 || !key.isWellFormed();
  return needsEscape ? NO_BYTES : Buffer.from(key, 'utf8');
}
