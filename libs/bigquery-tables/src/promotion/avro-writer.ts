const FIRST_BYTES = 65_536;

/**
 * Writes values in Avro's binary encoding into one growing buffer.
 * Source: Apache Avro 1.12 specification, binary encoding, read 2026-11-29.
 */
export class AvroWriter {
  #buffer = Buffer.allocUnsafe(FIRST_BYTES);
  #length = 0;

  /** A 64-bit integer as a zigzag varint; a number must be a safe integer. */
  long(value: number | bigint): void {
    if (typeof value === 'number' && value >= -0x40000000 && value <= 0x3fffffff) {
      this.#varint((value << 1) ^ (value >> 31));
      return;
    }
    let rest = BigInt.asUintN(64, (BigInt(value) << 1n) ^ (BigInt(value) >> 63n));
    this.#grow(10);
    while (rest > 0x7fn) {
      this.#buffer[this.#length++] = Number(rest & 0x7fn) | 0x80;
      rest >>= 7n;
    }
    this.#buffer[this.#length++] = Number(rest);
  }

  double(value: number): void {
    this.#grow(8);
    this.#length = this.#buffer.writeDoubleLE(value, this.#length);
  }

  boolean(value: boolean): void {
    this.#grow(1);
    this.#buffer[this.#length++] = Number(value);
  }

  bytes(value: Uint8Array): void {
    this.long(value.byteLength);
    this.raw(value);
  }

  text(value: string): void {
    const size = Buffer.byteLength(value);
    this.long(size);
    this.#grow(size);
    this.#length += this.#buffer.write(value, this.#length);
  }

  /** Bytes without their length. */
  raw(value: Uint8Array): void {
    this.#grow(value.byteLength);
    this.#buffer.set(value, this.#length);
    this.#length += value.byteLength;
  }

  get length(): number {
    return this.#length;
  }

  /** Returns a copy of everything written and starts again. */
  take(): Buffer {
    const taken = Buffer.from(this.#buffer.subarray(0, this.#length));
    this.#length = 0;
    return taken;
  }

  #varint(zigzag: number): void {
    let rest = zigzag >>> 0;
    this.#grow(5);
    while (rest > 0x7f) {
      this.#buffer[this.#length++] = (rest & 0x7f) | 0x80;
      rest >>>= 7;
    }
    this.#buffer[this.#length++] = rest;
  }

  #grow(size: number): void {
    if (this.#length + size <= this.#buffer.length) return;
    const larger = Buffer.allocUnsafe(Math.max(this.#buffer.length * 2, this.#length + size));
    this.#buffer.copy(larger, 0, 0, this.#length);
    this.#buffer = larger;
  }
}
