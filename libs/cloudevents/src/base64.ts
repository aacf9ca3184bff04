const PADDING = 0x3d;

/**
 * Decodes base64 strictly: standard or URL-safe alphabet, with or without padding, and nothing else.
 *
 * Shape: `"eyJhIjoxfQ=="` → 7 bytes; `""` → 0 bytes; white space, a stray character or an impossible length → null.
 * Node's decoder skips unknown characters, so the number of bytes is compared with the number that the text's length
 * implies: cheaper than a pattern over megabytes, and as strict.
 * Source: RFC 4648 §4 and §5; the JSON mapping of `bytes` in protocol buffers takes both alphabets, read 2026-11-22.
 */
export function decodeBase64(text: string): Uint8Array | null {
  const characters = text.length - paddingLength(text);
  const isPadded = characters < text.length;
  if (characters % 4 === 1 || (isPadded && text.length % 4 !== 0)) {
    return null;
  }
  const bytes = Buffer.from(text, 'base64');
  return bytes.length === Math.floor((characters * 3) / 4) ? bytes : null;
}

function paddingLength(text: string): number {
  if (text.charCodeAt(text.length - 1) !== PADDING) {
    return 0;
  }
  return text.charCodeAt(text.length - 2) === PADDING ? 2 : 1;
}
