/** Size of an event's text. */
export interface Size {
  readonly bytes: number;
  /** At least as many as the event has: scalars and containers. */
  readonly values: number;
}

const [COMMA, COLON, BRACKET, BRACE] = [0x2c, 0x3a, 0x5b, 0x7b];

/**
 * Counts the bytes that a value may follow: commas, colons and opening brackets, in strings too. Every value of a text but
 * the first follows one.
 */
export function countValues(data: Uint8Array): number {
  let values = 0;
  for (const byte of data) {
    if (byte === COMMA || byte === COLON || byte === BRACKET || byte === BRACE) values++;
  }
  return values;
}
