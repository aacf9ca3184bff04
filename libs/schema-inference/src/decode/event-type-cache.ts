/** A power of two; a slot has the last type with its hash. */
const SLOTS = 1_024;
const MAX_CHARACTERS = 64;

/** Remembers event types by their bytes, so that a string is made once for a type and not once for an event. */
export class EventTypeCache {
  private readonly types: string[] = Array.from({ length: SLOTS }, () => '');

  /** The text of the bytes, which must be UTF-8. */
  textOf(bytes: Buffer, from: number, to: number): string {
    if (to - from > MAX_CHARACTERS) return bytes.toString('utf8', from, to);
    let hash = to - from;
    for (let at = from; at < to; at++) hash = (Math.imul(hash, 31) + (bytes[at] as number)) | 0;
    const slot = hash & (SLOTS - 1);
    const known = this.types[slot] as string;
    if (isText(known, bytes, from, to)) return known;
    const text = bytes.toString('utf8', from, to);
    this.types[slot] = text;
    return text;
  }
}

/** True for ASCII only: other texts have fewer characters than bytes. */
function isText(text: string, bytes: Buffer, from: number, to: number): boolean {
  if (text.length !== to - from) return false;
  for (let index = 0; index < text.length; index++) {
    if (text.charCodeAt(index) !== bytes[from + index]) return false;
  }
  return true;
}
