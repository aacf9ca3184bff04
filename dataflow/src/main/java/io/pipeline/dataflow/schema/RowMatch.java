package io.pipeline.dataflow.schema;

import static io.pipeline.dataflow.schema.MemberLayout.FORM;
import static io.pipeline.dataflow.schema.MemberLayout.IS_REPEATED;
import static io.pipeline.dataflow.schema.MemberLayout.IS_REQUIRED;

import java.util.Arrays;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Compares the bytes of an event with its columns, and writes the row's fields as protocol buffers
 * on the way.
 *
 * <p>One pass, without parsing and without an object per value. A match is certain: valid JSON, no
 * duplicate key, no number that loses a digit, no unpaired surrogate, and every value fits its
 * column as it is. Everything else is left to the parser: keys with escapes, escaped surrogates,
 * exponents, long numbers, JSON columns, columns with parameters, keys without a column, records
 * without a REQUIRED field. Not thread-safe.
 */
public final class RowMatch extends ScalarMatch {
  /** Larger events are left to the parser, which bounds the memory of a matcher. */
  static final int MAX_BYTES = 400_000;

  /** Most levels of brackets, as for the parser. */
  private static final int MAX_DEPTH = 100;

  /** Zeros after the text: it is read eight bytes at a time. */
  private static final int PADDING = 16;

  private static final int KEPT_BYTES = 1 << 16;
  private static final int NULL = 'n' | ('u' << 8) | ('l' << 16) | ('l' << 24);
  private static final int TRUE = 't' | ('r' << 8) | ('u' << 16) | ('e' << 24);
  private static final int ALSE = 'a' | ('l' << 8) | ('s' << 16) | ('e' << 24);

  /** A bit per column of each open object: its key was seen. */
  private long[] seen = new long[64];

  private int seenEnd;
  private int depth;

  /** Values so far that are booleans, numbers or strings. */
  private int scalars;

  /** Returns null if the bytes, which must be UTF-8, may not be one JSON object that fits. */
  public @Nullable WrittenFields match(byte[] text, CompiledSchema compiled) {
    if (text.length > MAX_BYTES) {
      return null;
    }
    load(text);
    begin(text.length);
    seenEnd = 0;
    depth = 0;
    scalars = 0;
    int start = skipSpace(0);
    int end = in[start] == '{' ? object(start, compiled.root().layout()) : NO_MATCH;
    if (end == NO_MATCH || skipSpace(end) != text.length) {
      return null;
    }
    return new WrittenFields(compiled, Arrays.copyOf(out, to));
  }

  private void load(byte[] text) {
    int needed = text.length + PADDING;
    if (in.length < needed || in.length > Math.max(needed, KEPT_BYTES)) {
      in = new byte[Math.max(needed, 4 * 1024)];
    }
    System.arraycopy(text, 0, in, 0, text.length);
    Arrays.fill(in, text.length, needed, (byte) 0);
  }

  /** Returns the offset after the object that begins at {@code start}, or NO_MATCH. */
  private int object(int start, MemberLayout layout) {
    if (++depth > MAX_DEPTH) {
      return NO_MATCH;
    }
    int firstSeen = open(layout.count);
    int missing = layout.required;
    int column = -1;
    int at = skipSpace(start + 1);
    if (in[at] != '}') {
      for (; ; ) {
        if (in[at] != '"') {
          return NO_MATCH;
        }
        at++;
        int guess = column + 1;
        int keyEnd = guess < layout.count ? layout.endOfKey(in, at, guess) : NO_MATCH;
        column = guess;
        if (keyEnd == NO_MATCH) {
          keyEnd = endOfPlain(at) + 1;
          column = in[keyEnd - 1] == '"' ? layout.columnOf(in, at, keyEnd) : NO_MATCH;
          if (column < 0) {
            return NO_MATCH;
          }
        }
        long bit = 1L << column;
        int seenAt = firstSeen + (column >>> 6);
        if ((seen[seenAt] & bit) != 0) {
          return NO_MATCH;
        }
        seen[seenAt] |= bit;
        at = in[keyEnd] == ':' ? keyEnd : skipSpace(keyEnd);
        if (in[at] != ':') {
          return NO_MATCH;
        }
        at = in[at + 1] > ' ' ? at + 1 : skipSpace(at + 1);
        int scalarsBefore = scalars;
        at = member(at, layout, column);
        if (at == NO_MATCH) {
          return NO_MATCH;
        }
        if ((layout.traits[column] & IS_REQUIRED) != 0 && scalars > scalarsBefore) {
          missing--;
        }
        if (in[at] <= ' ') {
          at = skipSpace(at);
        }
        if (in[at] == '}') {
          break;
        }
        if (in[at] != ',') {
          return NO_MATCH;
        }
        at = in[at + 1] == '"' ? at + 1 : skipSpace(at + 1);
      }
    }
    seenEnd = firstSeen;
    depth--;
    return missing == 0 ? at + 1 : NO_MATCH;
  }

  /** Reserves a bit for each column of an object; returns the offset of the first ones. */
  private int open(int columns) {
    int first = seenEnd;
    seenEnd += (columns + 63) >>> 6;
    if (seenEnd > seen.length) {
      seen = Arrays.copyOf(seen, seenEnd * 2);
    }
    Arrays.fill(seen, first, seenEnd, 0);
    return first;
  }

  /** A member without a scalar in it equals a missing one, apart from the elements of records. */
  private int member(int at, MemberLayout layout, int column) {
    int trait = layout.traits[column];
    int form = trait & FORM;
    if (in[at] == 'n') {
      return wordAt(at) == NULL ? at + 4 : NO_MATCH;
    }
    int writtenTo = to;
    int scalarsBefore = scalars;
    if ((trait & IS_REPEATED) != 0) {
      return in[at] == '[' ? array(at, form, layout, column) : NO_MATCH;
    }
    int end = value(at, form, layout, column);
    if (scalars == scalarsBefore) {
      to = writtenTo;
    }
    return end;
  }

  private int value(int at, int form, MemberLayout layout, int column) {
    int tag = layout.tags[column];
    byte first = in[at];
    if (first == '"') {
      scalars++;
      if (form == MemberLayout.STRING) {
        return string(at + 1, tag);
      }
      return form >= MemberLayout.DATE && form <= MemberLayout.TIMESTAMP
          ? date(at + 1, form, tag)
          : NO_MATCH;
    }
    if (first == '{') {
      if (form != MemberLayout.RECORD) {
        return NO_MATCH;
      }
      tag(tag);
      int lengthAt = open();
      int end = object(at, layout.records[column]);
      close(lengthAt);
      return end;
    }
    scalars++;
    if (first == 't' || first == 'f') {
      return form == MemberLayout.BOOL ? bool(at, tag) : NO_MATCH;
    }
    return number(at, form, tag);
  }

  private int bool(int at, int tag) {
    boolean isTrue = wordAt(at) == TRUE;
    if (!isTrue && (in[at] != 'f' || wordAt(at + 1) != ALSE)) {
      return NO_MATCH;
    }
    tag(tag);
    out[to++] = (byte) (isTrue ? 1 : 0);
    return isTrue ? at + 4 : at + 5;
  }

  private int array(int start, int form, MemberLayout layout, int column) {
    if (++depth > MAX_DEPTH) {
      return NO_MATCH;
    }
    int at = skipSpace(start + 1);
    if (in[at] != ']') {
      for (; ; ) {
        int writtenTo = to;
        int scalarsBefore = scalars;
        at = value(at, form, layout, column);
        if (at == NO_MATCH) {
          return NO_MATCH;
        }
        if (scalars == scalarsBefore) {
          to = writtenTo;
          tag(layout.tags[column]);
          out[to++] = 0;
        }
        if (in[at] <= ' ') {
          at = skipSpace(at);
        }
        if (in[at] == ']') {
          break;
        }
        if (in[at] != ',') {
          return NO_MATCH;
        }
        at = in[at + 1] > ' ' ? at + 1 : skipSpace(at + 1);
      }
    }
    depth--;
    return at + 1;
  }

  private int skipSpace(int start) {
    int at = start;
    while (in[at] == ' ' || in[at] == '\n' || in[at] == '\r' || in[at] == '\t') {
      at++;
    }
    return at;
  }

  private int wordAt(int at) {
    return (int) (long) MemberLayout.LONGS.get(in, at);
  }
}
