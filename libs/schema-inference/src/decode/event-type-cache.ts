import type { EventBytes } from './event-bytes.js';

/** A power of two; a slot has the last type with its hash. */
const SLOTS = 1_024;
const MAX_BYTES = 64;
const WORDS = MAX_BYTES / 4;

/** Remembers event types by their bytes, so that a string is made once for a type and not once for an event. */
export class EventTypeCache {
  private readonly types: string[] = Array.from({ length: SLOTS }, () => '');
  private readonly lengths = new Uint8Array(SLOTS);
  /** The bytes of each type, zeros after them. */
  private readonly known = new Int32Array(SLOTS * WORDS);
  /** The bytes of the type that is looked for. */
  private readonly wanted = new Int32Array(WORDS);

  /** The text of the bytes, which must be UTF-8. */
  textOf({ bytes, words }: EventBytes, from: number, to: number): string {
    const length = to - from;
    if (length > MAX_BYTES) return bytes.toString('utf8', from, to);
    const { wanted } = this;
    let count = 0;
    let hash = length;
    for (let at = from; at < to; at += 4) {
      const word = words.getInt32(at, true) & (to - at < 4 ? (1 << (8 * (to - at))) - 1 : -1);
      wanted[count++] = word;
      hash = Math.imul(hash ^ word, 0x9e3779b1);
    }
    const slot = (hash ^ (hash >>> 15)) & (SLOTS - 1);
    if (this.lengths[slot] === length && this.isKnown(slot, count)) return this.types[slot] as string;
    const text = bytes.toString('utf8', from, to);
    this.types[slot] = text;
    this.lengths[slot] = length;
    this.known.set(wanted.subarray(0, count), slot * WORDS);
    return text;
  }

  private isKnown(slot: number, count: number): boolean {
    const { known, wanted } = this;
    const first = slot * WORDS;
    for (let index = 0; index < count; index++) {
      if (known[first + index] !== wanted[index]) return false;
    }
    return true;
  }
}
