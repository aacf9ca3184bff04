/** An error by its shape: `instanceof` misses errors of another realm, which is what Node's own are inside a test runner. */
export function isErrorLike(value: unknown): value is Error {
  return (
    typeof value === 'object' &&
    value !== null &&
    'message' in value &&
    typeof value.message === 'string' &&
    'name' in value &&
    typeof value.name === 'string'
  );
}

/** Returns the message of anything that was thrown. */
export function toMessage(thrown: unknown): string {
  return isErrorLike(thrown) ? thrown.message : String(thrown);
}
