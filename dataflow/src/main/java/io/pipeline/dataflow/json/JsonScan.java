package io.pipeline.dataflow.json;

/**
 * Facts about the bytes of a text that may not be JSON, found before any parser reads it.
 *
 * @param isTooDeep true if brackets outside strings nest deeper than {@link #MAX_DEPTH}
 * @param values scalars and containers, counted without parsing: strings, bare tokens and opening
 *     brackets, less one for each colon. Exact for JSON, an estimate for other text
 */
record JsonScan(boolean isTooDeep, int values) {
  /** Most levels of brackets in an event; the root is 1. */
  static final int MAX_DEPTH = 100;

  /** Most values in an event; bounds the memory of one message. */
  static final int MAX_VALUES = 250_000;

  /**
   * Shorter texts have at most {@link #MAX_VALUES} values: each needs a byte of its own and a
   * delimiter.
   */
  static final int MIN_BYTES_OF_TOO_MANY_VALUES = 2 * MAX_VALUES;

  /** Bytes that end a bare token: white space, quote, comma, colon, brackets and braces. */
  private static final boolean[] ENDS_TOKEN = new boolean[256];

  static {
    for (char c : " \t\n\r\",:[]{}".toCharArray()) {
      ENDS_TOKEN[c] = true;
    }
  }

  /** Scans every byte once. Linear, without recursion. */
  static JsonScan of(byte[] text) {
    int values = 0;
    int depth = 0;
    int deepest = 0;
    for (int at = 0; at < text.length; at++) {
      switch (text[at]) {
        case '"' -> {
          values++;
          at = endOfString(text, at + 1);
        }
        case '{', '[' -> {
          values++;
          depth++;
          deepest = Math.max(deepest, depth);
        }
        case '}', ']' -> depth = Math.max(0, depth - 1);
        case ':' -> values--;
        case ',', ' ', '\t', '\n', '\r' -> {}
        default -> {
          values++;
          at = endOfToken(text, at) - 1;
        }
      }
    }
    return new JsonScan(deepest > MAX_DEPTH, values);
  }

  boolean hasTooManyValues() {
    return values > MAX_VALUES;
  }

  private static int endOfString(byte[] text, int from) {
    int at = from;
    while (at < text.length && text[at] != '"') {
      at += text[at] == '\\' ? 2 : 1;
    }
    return at;
  }

  private static int endOfToken(byte[] text, int from) {
    int at = from;
    while (at < text.length && !ENDS_TOKEN[text[at] & 0xff]) {
      at++;
    }
    return at;
  }
}
