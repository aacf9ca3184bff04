package io.pipeline.dataflow.store;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.pipeline.dataflow.schema.WrittenFields;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Writes the fields of a proto message to a reusable buffer. Source: protobuf.dev, "Encoding", read
 * 2026-11-23.
 */
final class ProtoBuffer {
  private static final int VARINT = 0;
  private static final int FIXED64 = 1;
  private static final int LENGTH_DELIMITED = 2;
  private static final int MAX_VARINT_BYTES = 10;
  private static final int KEPT_BYTES = 1 << 20;

  private byte[] bytes = new byte[1024];
  private int size;

  /** Resets the buffer and releases one that a huge row enlarged. */
  void clear() {
    size = 0;
    if (bytes.length > KEPT_BYTES) {
      bytes = new byte[1024];
    }
  }

  void writeInt64(int field, long value) {
    room(2 * MAX_VARINT_BYTES);
    varint(((long) field << 3) | VARINT);
    varint(value);
  }

  void writeBool(int field, boolean value) {
    writeInt64(field, value ? 1 : 0);
  }

  void writeDouble(int field, double value) {
    room(MAX_VARINT_BYTES + Long.BYTES);
    varint(((long) field << 3) | FIXED64);
    long bits = Double.doubleToRawLongBits(value);
    for (int shift = 0; shift < Long.SIZE; shift += Byte.SIZE) {
      bytes[size++] = (byte) (bits >>> shift);
    }
  }

  void writeString(int field, String value) {
    int begin = size;
    room(2 * MAX_VARINT_BYTES + value.length());
    varint(((long) field << 3) | LENGTH_DELIMITED);
    varint(value.length());
    // Most texts are ASCII and need no intermediate array.
    if (!appendAscii(value)) {
      size = begin;
      writeUtf8(field, value);
    }
  }

  /** Returns false and appends nothing if the text is not ASCII. */
  private boolean appendAscii(String value) {
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c >= 0x80) {
        return false;
      }
      bytes[size + i] = (byte) c;
    }
    size += value.length();
    return true;
  }

  private void writeUtf8(int field, String value) {
    byte[] text = value.getBytes(StandardCharsets.UTF_8);
    room(2 * MAX_VARINT_BYTES + text.length);
    varint(((long) field << 3) | LENGTH_DELIMITED);
    varint(text.length);
    System.arraycopy(text, 0, bytes, size, text.length);
    size += text.length;
  }

  /** Begins a nested message. Pass the result to {@link #endMessage}. */
  int beginMessage(int field) {
    room(MAX_VARINT_BYTES + 1);
    varint(((long) field << 3) | LENGTH_DELIMITED);
    // Reserves one byte for the length, which is mostly enough; endMessage makes room if it is not.
    return ++size;
  }

  void endMessage(int begin) {
    int length = size - begin;
    int lengthBytes = varintBytes(length);
    if (lengthBytes > 1) {
      room(lengthBytes);
      System.arraycopy(bytes, begin, bytes, begin + lengthBytes - 1, length);
    }
    size = begin - 1;
    varint(length);
    size += length;
  }

  ByteString toByteString() {
    return ByteString.copyFrom(bytes, 0, size);
  }

  /** Returns what was written and fields after it. */
  ByteString toByteString(WrittenFields fields) {
    byte[] message = Arrays.copyOf(bytes, size + fields.size());
    fields.copyTo(message, size);
    return UnsafeByteOperations.unsafeWrap(message);
  }

  private void room(int more) {
    if (bytes.length - size < more) {
      bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, size + more));
    }
  }

  private void varint(long value) {
    long rest = value;
    while ((rest & ~0x7FL) != 0) {
      bytes[size++] = (byte) ((rest & 0x7F) | 0x80);
      rest >>>= 7;
    }
    bytes[size++] = (byte) rest;
  }

  private static int varintBytes(int value) {
    int count = 1;
    for (int rest = value >>> 7; rest != 0; rest >>>= 7) {
      count++;
    }
    return count;
  }
}
