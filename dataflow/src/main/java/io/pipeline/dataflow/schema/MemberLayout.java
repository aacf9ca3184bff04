package io.pipeline.dataflow.schema;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A record's columns in flat arrays for {@link RowMatch}: their keys as bytes, an index of these,
 * and the form of their values. Immutable.
 */
final class MemberLayout {
  /** No value of the column is compared: its events are left to the parser. */
  static final int NEVER = 0;

  static final int STRING = 1;
  static final int INT64 = 2;
  static final int DECIMAL = 3;
  static final int FLOAT64 = 4;
  static final int BOOL = 5;
  static final int DATE = 6;
  static final int DATETIME = 7;
  static final int TIMESTAMP = 8;
  static final int RECORD = 9;

  /** The bits of a trait that are the form of the column's values. */
  static final int FORM = 15;

  /** Bit of a trait: the column is REPEATED. */
  static final int IS_REPEATED = 16;

  /** Bit of a trait: a row may not leave the column out. */
  static final int IS_REQUIRED = 32;

  static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private static final int NO_COLUMN = -1;

  /** Slots of the index that one key may take; further ones are looked up by their text. */
  private static final int MAX_PROBES = 8;

  private static final long MIX = 0x9E3779B97F4A7C15L;

  /** Occurs in no UTF-8 text, so this key is never found. */
  private static final byte[] NO_KEY = {(byte) 0xff};

  private final CompiledRecord record;

  /** Number of columns. */
  final int count;

  /** Number of REQUIRED columns. */
  final int required;

  /** By column: the form of its values, and bits. */
  final int[] traits;

  /** By column: the tag of its field in the append's proto. */
  final int[] tags;

  /** By column: the layout of a RECORD, else null. */
  final MemberLayout[] records;

  /** The keys with their closing quote, concatenated, and eight more bytes. */
  private final byte[] keys;

  /** By column: the offset of its key; one more for the end. */
  private final int[] starts;

  /** By hash: column + 1, or 0. Linear probing. */
  private final int[] index;

  MemberLayout(CompiledRecord record) {
    this.record = record;
    count = record.size();
    required = record.required.length;
    traits = new int[count];
    tags = new int[count];
    records = new MemberLayout[count];
    starts = new int[count + 1];
    byte[][] keysOfColumns = new byte[count][];
    for (int i = 0; i < count; i++) {
      CompiledColumn column = record.column(i);
      keysOfColumns[i] = keyBytes(column);
      starts[i + 1] = starts[i] + keysOfColumns[i].length + 1;
      traits[i] = traitOf(column);
      tags[i] = (column.fieldNumber() << 3) | wireType(traits[i] & FORM);
      records[i] = column.record == null ? null : column.record.layout();
    }
    keys = new byte[starts[count] + Long.BYTES];
    for (int i = 0; i < count; i++) {
      System.arraycopy(keysOfColumns[i], 0, keys, starts[i], keysOfColumns[i].length);
      keys[starts[i + 1] - 1] = '"';
    }
    index = new int[Integer.highestOneBit(Math.max(1, count)) * 4];
    for (int i = 0; i < count; i++) {
      addToIndex(i);
    }
  }

  /**
   * Returns the key as a text without escapes has it; for a key that needs escapes, or is not
   * looked up by its text, bytes that UTF-8 never has.
   */
  private static byte[] keyBytes(CompiledColumn column) {
    byte[] bytes = column.key.getBytes(StandardCharsets.UTF_8);
    boolean isPlain = new String(bytes, StandardCharsets.UTF_8).equals(column.key);
    for (byte b : bytes) {
      isPlain &= b != '"' && b != '\\' && (b < 0 || b >= ' ');
    }
    return isPlain && column.isFoundByKey ? bytes : NO_KEY;
  }

  private static int traitOf(CompiledColumn column) {
    return formOf(column)
        | (column.isRepeated ? IS_REPEATED : 0)
        | (column.isRequired() ? IS_REQUIRED : 0);
  }

  private static int formOf(CompiledColumn column) {
    if (column.parameters != null) {
      return NEVER;
    }
    return switch (column.type) {
      case STRING -> STRING;
      case INT64 -> INT64;
      case NUMERIC, BIGNUMERIC -> DECIMAL;
      case FLOAT64 -> FLOAT64;
      case BOOL -> BOOL;
      case DATE -> DATE;
      case DATETIME -> DATETIME;
      case TIMESTAMP -> TIMESTAMP;
      case RECORD -> RECORD;
      case JSON, BYTES, TIME, GEOGRAPHY, INTERVAL, RANGE -> NEVER;
    };
  }

  private static int wireType(int form) {
    return switch (form) {
      case STRING, DECIMAL, RECORD -> WireWriter.LENGTH_DELIMITED;
      case FLOAT64 -> WireWriter.FIXED64;
      default -> WireWriter.VARINT;
    };
  }

  private void addToIndex(int column) {
    int slot = slotOf(keys, starts[column], starts[column + 1]);
    for (int probe = 0; probe < MAX_PROBES; probe++) {
      int at = (slot + probe) & (index.length - 1);
      if (index[at] == 0) {
        index[at] = column + 1;
        return;
      }
    }
  }

  /**
   * Returns the offset after the closing quote of the column's key, or −1 if another key is there.
   * {@code text} has at least eight zeros after its end.
   */
  int endOfKey(byte[] text, int at, int column) {
    int from = starts[column];
    int left = starts[column + 1] - from;
    int to = at;
    while (left > Long.BYTES) {
      if ((long) LONGS.get(text, to) != (long) LONGS.get(keys, from)) {
        return NO_COLUMN;
      }
      to += Long.BYTES;
      from += Long.BYTES;
      left -= Long.BYTES;
    }
    long differs = (long) LONGS.get(text, to) ^ (long) LONGS.get(keys, from);
    return differs << (Long.SIZE - left * Byte.SIZE) == 0 ? to + left : NO_COLUMN;
  }

  /**
   * Returns the column of the key from {@code from} to and with its closing quote; −1 if there is
   * none.
   */
  int columnOf(byte[] text, int from, int to) {
    int slot = slotOf(text, from, to);
    for (int probe = 0; probe < MAX_PROBES; probe++) {
      int column = index[(slot + probe) & (index.length - 1)] - 1;
      if (column < 0) {
        return NO_COLUMN;
      }
      int length = starts[column + 1] - starts[column];
      int start = starts[column];
      if (length == to - from && Arrays.equals(text, from, to, keys, start, start + length)) {
        return column;
      }
    }
    return record.indexOfKey(new String(text, from, to - from - 1, StandardCharsets.UTF_8));
  }

  private int slotOf(byte[] text, int from, int to) {
    long hash = (long) to - from;
    int at = from;
    for (; at + Long.BYTES <= to; at += Long.BYTES) {
      hash = mixed(hash ^ (long) LONGS.get(text, at));
    }
    if (at < to) {
      hash = mixed(hash ^ ((long) LONGS.get(text, at) << (Long.SIZE - (to - at) * Byte.SIZE)));
    }
    return (int) (hash >>> 32) & (index.length - 1);
  }

  private static long mixed(long hash) {
    long product = hash * MIX;
    return product ^ (product >>> 29);
  }
}
