/** Bytes of output that one byte of an event can become: `1,` in an array of FLOAT64 takes eight. */
const MAX_GROWTH = 4;
/** For the values around an event's members. */
const ROOM = 64;
const FIRST_BYTES = 65_536;
const TWO_TO_32 = 4_294_967_296;

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

  /** Begins a message made of at most so many bytes of text; nothing after it checks the size of the buffer. */
  protected begin(bytes: number): void {
    this.at = 0;
    const needed = bytes * MAX_GROWTH + ROOM;
    if (this.out.length >= needed) return;
    this.out = Buffer.allocUnsafeSlow(needed);
    this.view = new DataView(this.out.buffer);
  }

  /** Copies what was written to this offset of another buffer. */
  copyTo(target: Uint8Array, offset: number): void {
    this.out.copy(target, offset, 0, this.at);
  }

  protected tag(tag: number): void {
    if (tag < 128) this.out[this.at++] = tag;
    else this.varint(0, tag);
  }

  /** Two halves of 32 bits as one varint. */
  protected varint(high: number, low: number): void {
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
  protected integer(value: number): void {
    if (value >= 0 && value < 128) {
      this.out[this.at++] = value;
      return;
    }
    const high = Math.floor(value / TWO_TO_32);
    this.varint(high, value - high * TWO_TO_32);
  }

  protected double(value: number): void {
    this.view.setFloat64(this.at, value, true);
    this.at += 8;
  }

  /** Leaves a byte free for the length of what follows; returns its offset. */
  protected open(): number {
    return this.at++;
  }

  /** Writes the length of everything since `open`. */
  protected close(lengthAt: number): void {
    const length = this.at - lengthAt - 1;
    if (length < 128) {
      this.out[lengthAt] = length;
      return;
    }
    const extra = length < 16_384 ? 1 : length < 2_097_152 ? 2 : 3;
    this.out.copyWithin(lengthAt + 1 + extra, lengthAt + 1, this.at);
    const end = this.at + extra;
    this.at = lengthAt;
    this.varint(0, length);
    this.at = end;
  }

  /** A text with its tag and length; `characters` of it are in the sizes that `begin` was given. */
  protected text(tag: number, text: string): void {
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
}
