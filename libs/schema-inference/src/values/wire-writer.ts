/** Bytes of output that one byte of an event can become: `1,` in an array of FLOAT64 takes eight. */
const MAX_GROWTH = 4;
/** For the values around an event's members. */
const ROOM = 64;
const FIRST_BYTES = 65_536;
const TWO_TO_28 = 268_435_456;
const TWO_TO_32 = 4_294_967_296;
/** The bit of each byte of a varint but the last one. */
const ALL_FOLLOWED = 0x80808080 | 0;
const SPACE = 32;
const QUOTE = 34;
const BACKSLASH = 92;
const TILDE = 126;
/** 1 for printable ASCII that JSON does not escape. */
const IS_PLAIN = Uint8Array.from({ length: TILDE + 1 }, (_, code) =>
  code >= SPACE && code !== QUOTE && code !== BACKSLASH ? 1 : 0,
);

/**
 * Writes protocol buffers into one buffer that is used again for each message, without an object per value.
 *
 * Lengths are written after what they count: one byte is left free for each, and what follows is moved if that is not
 * enough. Varints are the shortest ones, so the bytes are those of any other encoder.
 * Source: protobuf encoding guide, read 2026-11-30.
 */
export class WireWriter {
  protected out = Buffer.allocUnsafeSlow(FIRST_BYTES);
  protected view = new DataView(this.out.buffer);
  protected at = 0;
  /** True if only the checks of a message count: its values are not written. */
  protected isDiscarding = false;

  /** Begins a message made of at most so many bytes of text; nothing after it checks the size of the buffer. */
  protected begin(bytes: number): void {
    this.at = 0;
    this.reserve(bytes);
  }

  /** Makes room for so many more bytes of text. */
  reserve(bytes: number): void {
    const needed = this.at + bytes * MAX_GROWTH + ROOM;
    if (this.out.length >= needed) return;
    const out = Buffer.allocUnsafeSlow(needed);
    this.out.copy(out, 0, 0, this.at);
    this.out = out;
    this.view = new DataView(out.buffer);
  }

  /** Bytes that were written. */
  get size(): number {
    return this.at;
  }

  /** A copy of what was written. */
  toBytes(): Uint8Array {
    const bytes = Buffer.allocUnsafe(this.at);
    this.out.copy(bytes, 0, 0, this.at);
    return bytes;
  }

  /** Forgets what was written after so many bytes. */
  cut(size: number): void {
    this.at = size;
  }

  byte(value: number): void {
    this.out[this.at++] = value;
  }

  tag(tag: number): void {
    if (this.isDiscarding) return;
    if (tag < 128) this.out[this.at++] = tag;
    else this.shortVarint(tag);
  }

  /** A number below 2^31. */
  private shortVarint(value: number): void {
    const { out } = this;
    let { at } = this;
    let rest = value;
    for (; rest > 127; rest >>>= 7) out[at++] = (rest & 127) | 128;
    out[at++] = rest;
    this.at = at;
  }

  /** Two halves of 32 bits as one varint. */
  private varint(high: number, low: number): void {
    const { out } = this;
    let { at } = this;
    let upper = high >>> 0;
    let lower = low >>> 0;
    while (upper !== 0) {
      out[at++] = (lower & 127) | 128;
      lower = ((lower >>> 7) | (upper << 25)) >>> 0;
      upper >>>= 7;
    }
    while (lower > 127) {
      out[at++] = (lower & 127) | 128;
      lower >>>= 7;
    }
    out[at++] = lower;
    this.at = at;
  }

  /** A safe integer as int32 or int64: a negative one takes ten bytes. */
  integer(value: number): void {
    if (this.isDiscarding) return;
    if (value >= 0 && value < 128) {
      this.out[this.at++] = value;
      return;
    }
    if (value < 0) {
      const high = Math.floor(value / TWO_TO_32);
      this.varint(high, value - high * TWO_TO_32);
      return;
    }
    if (value < TWO_TO_28) {
      this.shortVarint(value);
      return;
    }
    // Four bytes at once: 28 bits, and more to follow.
    const rest = Math.floor(value / TWO_TO_28);
    const low = value - rest * TWO_TO_28;
    const spread = (low & 0x7f) | ((low << 1) & 0x7f00) | ((low << 2) & 0x7f0000) | ((low << 3) & 0x7f000000);
    this.view.setInt32(this.at, spread | ALL_FOLLOWED, true);
    this.at += 4;
    this.shortVarint(rest);
  }

  protected double(value: number): void {
    if (this.isDiscarding) return;
    this.view.setFloat64(this.at, value, true);
    this.at += 8;
  }

  /** Leaves a byte free for the length of what follows; returns its offset. */
  open(): number {
    return this.at++;
  }

  /** Writes the length of everything since `open`. */
  close(lengthAt: number): void {
    if (this.isDiscarding) return;
    const length = this.at - lengthAt - 1;
    if (length < 128) {
      this.out[lengthAt] = length;
      return;
    }
    const extra = length < 16_384 ? 1 : length < 2_097_152 ? 2 : 3;
    this.out.copyWithin(lengthAt + 1 + extra, lengthAt + 1, this.at);
    const end = this.at + extra;
    this.at = lengthAt;
    this.shortVarint(length);
    this.at = end;
  }

  /** A text with its tag and length; `characters` of it are in the sizes that `begin` and `reserve` were given. */
  text(tag: number, text: string): void {
    this.tag(tag);
    const lengthAt = this.open();
    const { out } = this;
    let { at } = this;
    const { length } = text;
    for (let index = 0; index < length; index++) {
      const code = text.charCodeAt(index);
      if (code > 127) {
        at = this.at + out.write(text, this.at);
        break;
      }
      out[at++] = code;
    }
    this.at = at;
    this.close(lengthAt);
  }
  /** A byte, and a text in quotes; false for a text that JSON may escape. The sizes are those of `text`, and three more. */
  plainText(before: number, text: string): boolean {
    const { out } = this;
    let { at } = this;
    out[at++] = before;
    out[at++] = QUOTE;
    const { length } = text;
    for (let index = 0; index < length; index++) {
      const code = text.charCodeAt(index);
      if (code > TILDE || IS_PLAIN[code] !== 1) return false;
      out[at++] = code;
    }
    out[at++] = QUOTE;
    this.at = at;
    return true;
  }
}
