package io.pipeline.dataflow.json;

import com.google.common.base.Utf8;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Inspects bytes before parsing, eight at a time. */
final class Utf8Text {
  static final int NOT_UTF8 = -1;
  static final int PLAIN = 0;

  /** The text contains a backslash; only then can a string contain an unpaired surrogate. */
  static final int HAS_ESCAPE = 1;

  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final long HIGH_BITS = 0x8080808080808080L;
  private static final long LOW_BITS = 0x0101010101010101L;
  private static final long BACKSLASHES = 0x5c5c5c5c5c5c5c5cL;

  private Utf8Text() {}

  /** Rejects overlong forms and surrogates. */
  static int inspect(byte[] data) {
    long high = 0;
    long escape = 0;
    int at = 0;
    for (; at <= data.length - Long.BYTES; at += Long.BYTES) {
      long bytes = (long) LONGS.get(data, at);
      long differs = bytes ^ BACKSLASHES;
      high |= bytes;
      escape |= (differs - LOW_BITS) & ~differs;
    }
    for (; at < data.length; at++) {
      high |= data[at];
      escape |= data[at] == '\\' ? HIGH_BITS : 0;
    }
    if ((high & HIGH_BITS) != 0 && !Utf8.isWellFormed(data)) {
      return NOT_UTF8;
    }
    return (escape & HIGH_BITS) == 0 ? PLAIN : HAS_ESCAPE;
  }

  /** True for a byte order mark. */
  static boolean startsWithMark(byte[] data) {
    return data.length >= 3
        && data[0] == (byte) 0xef
        && data[1] == (byte) 0xbb
        && data[2] == (byte) 0xbf;
  }

  /** True if every surrogate is part of a pair. */
  static boolean isUnicode(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (Character.isSurrogate(c)) {
        boolean isPair =
            Character.isHighSurrogate(c)
                && i + 1 < text.length()
                && Character.isLowSurrogate(text.charAt(i + 1));
        if (!isPair) {
          return false;
        }
        i++;
      }
    }
    return true;
  }
}
