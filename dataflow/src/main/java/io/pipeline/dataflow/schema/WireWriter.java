package io.pipeline.dataflow.schema;

import static io.pipeline.dataflow.schema.MemberLayout.LONGS;

/**
 * Writes protocol buffers into one array that is used again for each message, without an object per
 * value.
 *
 * <p>Lengths are written after what they count: one byte is left free for each, and what follows is
 * moved if that is not enough. Varints are the shortest ones, so the bytes are those of any other
 * encoder. Source: protobuf.dev, "Encoding", read 2026-11-30.
 */
class WireWriter {
  static final int VARINT = 0;
  static final int FIXED64 = 1;
  static final int LENGTH_DELIMITED = 2;

  /**
   * Bytes of output that one byte of an event can become: {@code 1,} in an array of FLOAT64 takes
   * three for the tag and eight.
   */
  private static final int MAX_GROWTH = 6;

  /** For what is written eight bytes at a time. */
  private static final int ROOM = 64;

  private static final int KEPT_BYTES = 1 << 17;

  byte[] out = new byte[4 * 1024];
  int to;

  /**
   * Begins a message made of so many bytes of text; nothing after it checks the size of the array.
   * Releases one that a huge event enlarged.
   */
  final void begin(int bytes) {
    int needed = bytes * MAX_GROWTH + ROOM;
    if (out.length < needed || out.length > Math.max(needed, KEPT_BYTES)) {
      out = new byte[Math.max(needed, 4 * 1024)];
    }
    to = 0;
  }

  final void varint(long value) {
    long rest = value;
    int end = to;
    while ((rest & ~0x7FL) != 0) {
      out[end++] = (byte) (rest | 0x80);
      rest >>>= 7;
    }
    out[end++] = (byte) rest;
    to = end;
  }

  final void tag(int tag) {
    if (tag < 0x80) {
      out[to++] = (byte) tag;
    } else {
      varint(tag);
    }
  }

  final void fixed64(long bits) {
    LONGS.set(out, to, bits);
    to += Long.BYTES;
  }

  /** Leaves a byte free for the length of what follows; returns its offset. */
  final int open() {
    return to++;
  }

  /** Writes the length of everything since {@link #open}. */
  final void close(int lengthAt) {
    int length = to - lengthAt - 1;
    if (length < 0x80) {
      out[lengthAt] = (byte) length;
      return;
    }
    int extra = length < 1 << 14 ? 1 : length < 1 << 21 ? 2 : 3;
    System.arraycopy(out, lengthAt + 1, out, lengthAt + 1 + extra, length);
    to = lengthAt;
    varint(length);
    to += length;
  }
}
