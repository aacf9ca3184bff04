package io.pipeline.dataflow.schema;

import static io.pipeline.dataflow.schema.MemberLayout.LONGS;

/**
 * Reads scalars from the bytes of a JSON text and writes them as protocol buffers, each in the form
 * of its column.
 *
 * <p>Every method returns the offset after the value, or NO_MATCH if the bytes are no value of that
 * form or need the parser. Zeros follow the text, and end every loop.
 */
class ScalarMatch extends WireWriter {
  /** Not an offset: the bytes may not be JSON that fits. */
  static final int NO_MATCH = -1;

  private static final long LOW_BITS = 0x0101010101010101L;
  private static final long HIGH_BITS = 0x8080808080808080L;
  private static final long QUOTES = LOW_BITS * '"';
  private static final long BACKSLASHES = LOW_BITS * '\\';
  private static final long SPACES = LOW_BITS * ' ';

  /** Longest literal that is read, sign and point included: its digits fit a long. */
  private static final int MAX_LITERAL = 18;

  private static final int NUMERIC_SCALE = 9;

  /** A double keeps integers below this exactly. */
  private static final long FIFTEEN_DIGITS = 1_000_000_000_000_000L;

  /** Powers of ten that a double represents exactly. */
  private static final double[] POWERS = new double[MAX_LITERAL];

  static {
    POWERS[0] = 1;
    for (int i = 1; i < POWERS.length; i++) {
      POWERS[i] = POWERS[i - 1] * 10;
    }
  }

  /** The text, and zeros. */
  byte[] in = new byte[4 * 1024];

  /**
   * The high bit of each byte that ends the plain part of a string; exact for the first of them.
   */
  private static long endsOf(long word) {
    long quotes = word ^ QUOTES;
    long backslashes = word ^ BACKSLASHES;
    return (((quotes - LOW_BITS) & ~quotes)
            | ((backslashes - LOW_BITS) & ~backslashes)
            | ((word - SPACES) & ~word))
        & HIGH_BITS;
  }

  /** Returns the offset of the first byte from here that a string does not have as it is. */
  final int endOfPlain(int start) {
    int at = start;
    long ends = endsOf((long) LONGS.get(in, at));
    while (ends == 0) {
      at += Long.BYTES;
      ends = endsOf((long) LONGS.get(in, at));
    }
    return at + (Long.numberOfTrailingZeros(ends) >>> 3);
  }

  /** A string from its first byte after the quote. */
  final int string(int start, int tag) {
    tag(tag);
    int lengthAt = open();
    int at = start;
    int end = to;
    long word = (long) LONGS.get(in, at);
    long ends = endsOf(word);
    while (ends == 0) {
      LONGS.set(out, end, word);
      at += Long.BYTES;
      end += Long.BYTES;
      word = (long) LONGS.get(in, at);
      ends = endsOf(word);
    }
    LONGS.set(out, end, word);
    int plain = Long.numberOfTrailingZeros(ends) >>> 3;
    at += plain;
    to = end + plain;
    if (in[at] == '\\') {
      at = escapes(at);
    }
    if (in[at] != '"') {
      return NO_MATCH;
    }
    close(lengthAt);
    return at + 1;
  }

  /** The rest of a string from its first escape; returns the offset of what ends it. */
  private int escapes(int start) {
    int at = start;
    for (; ; ) {
      byte next = in[at];
      if (next == '"' || (next >= 0 && next < ' ')) {
        return at;
      }
      if (next != '\\') {
        out[to++] = next;
        at++;
        continue;
      }
      byte letter = in[at + 1];
      if (letter == 'u') {
        if (!codeUnit(at + 2)) {
          return at;
        }
        at += 6;
      } else {
        int meaning = meaningOf(letter);
        if (meaning < 0) {
          return at;
        }
        out[to++] = (byte) meaning;
        at += 2;
      }
    }
  }

  private static int meaningOf(byte letter) {
    return switch (letter) {
      case '"', '\\', '/' -> letter;
      case 'b' -> '\b';
      case 'f' -> '\f';
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 't' -> '\t';
      default -> -1;
    };
  }

  /** Four hexadecimal digits as UTF-8; false for a part of a surrogate pair. */
  private boolean codeUnit(int at) {
    int code = 0;
    for (int i = at; i < at + 4; i++) {
      int digit = Character.digit(in[i], 16);
      if (digit < 0) {
        return false;
      }
      code = (code << 4) | digit;
    }
    if (Character.isSurrogate((char) code)) {
      return false;
    }
    if (code < 0x80) {
      out[to++] = (byte) code;
    } else {
      if (code < 0x800) {
        out[to++] = (byte) (0xc0 | (code >> 6));
      } else {
        out[to++] = (byte) (0xe0 | (code >> 12));
        out[to++] = (byte) (0x80 | ((code >> 6) & 0x3f));
      }
      out[to++] = (byte) (0x80 | (code & 0x3f));
    }
    return true;
  }

  /** A date type from the first byte after the quote. */
  final int date(int start, int form, int tag) {
    int end = endOfPlain(start);
    if (in[end] != '"') {
      return NO_MATCH;
    }
    DateText date = DateText.read(in, start, end);
    if (date == null || !date.isInRange() || date.type() != typeOf(form)) {
      return NO_MATCH;
    }
    tag(tag);
    varint(date.value());
    return end + 1;
  }

  private static ColumnType typeOf(int form) {
    return switch (form) {
      case MemberLayout.DATE -> ColumnType.DATE;
      case MemberLayout.DATETIME -> ColumnType.DATETIME;
      default -> ColumnType.TIMESTAMP;
    };
  }

  /** A number of at most 18 characters without exponent, −0 apart. */
  final int number(int start, int form, int tag) {
    boolean isNegative = in[start] == '-';
    int first = isNegative ? start + 1 : start;
    int at = first;
    long digits = 0;
    for (int digit = in[at] - '0'; digit >= 0 && digit <= 9; digit = in[++at] - '0') {
      digits = digits * 10 + digit;
    }
    int integerEnd = at;
    if (at == first || (in[first] == '0' && at > first + 1)) {
      return NO_MATCH;
    }
    int scale = 0;
    if (in[at] == '.') {
      at++;
      for (int digit = in[at] - '0'; digit >= 0 && digit <= 9; digit = in[++at] - '0') {
        digits = digits * 10 + digit;
      }
      scale = at - integerEnd - 1;
      if (scale == 0) {
        return NO_MATCH;
      }
    }
    boolean isNegativeZero = isNegative && digits == 0;
    if (at - start > MAX_LITERAL || isNegativeZero || (in[at] | ' ') == 'e') {
      return NO_MATCH;
    }
    return switch (form) {
      case MemberLayout.INT64 -> int64(isNegative ? -digits : digits, scale, tag, at);
      case MemberLayout.FLOAT64 -> float64(isNegative ? -digits : digits, scale, tag, at);
      case MemberLayout.DECIMAL -> decimal(start, digits == 0 ? first + 1 : at, scale, tag, at);
      default -> NO_MATCH;
    };
  }

  private int int64(long value, int scale, int tag, int end) {
    if (scale > 0) {
      return NO_MATCH;
    }
    tag(tag);
    varint(value);
    return end;
  }

  /** The nearest double, because digits and power are doubles exactly. */
  private int float64(long unscaled, int scale, int tag, int end) {
    if (Math.abs(unscaled) >= FIFTEEN_DIGITS) {
      return NO_MATCH;
    }
    tag(tag);
    fixed64(Double.doubleToRawLongBits(unscaled / POWERS[scale]));
    return end;
  }

  /** The literal as text. */
  private int decimal(int from, int textEnd, int scale, int tag, int end) {
    if (scale > NUMERIC_SCALE) {
      return NO_MATCH;
    }
    tag(tag);
    out[to++] = (byte) (textEnd - from);
    System.arraycopy(in, from, out, to, textEnd - from);
    to += textEnd - from;
    return end;
  }
}
