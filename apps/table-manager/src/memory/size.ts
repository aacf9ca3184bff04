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
  // By index: an iterator takes five times as long.
  for (let at = 0; at < data.length; at++) {
    const byte = data[at];
    if (byte === COMMA || byte === COLON || byte === BRACKET || byte === BRACE) values++;
  }
  return values;
}
