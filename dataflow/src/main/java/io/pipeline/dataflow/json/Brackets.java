package io.pipeline.dataflow.json;

/** Measures the nesting depth of text that may not be JSON. */
final class Brackets {
  /** Most levels of brackets in an event; the root is 1. */
  static final int MAX_DEPTH = 100;

  private Brackets() {}

  /**
   * True if brackets outside strings nest deeper than {@link #MAX_DEPTH} anywhere in the text.
   * Linear, without recursion.
   */
  static boolean isTooDeep(byte[] text) {
    int depth = 0;
    for (int at = 0; at < text.length; at++) {
      switch (text[at]) {
        case '"' -> at = endOfString(text, at + 1);
        case '{', '[' -> {
          depth++;
          if (depth > MAX_DEPTH) {
            return true;
          }
        }
        case '}', ']' -> depth = Math.max(0, depth - 1);
        default -> {}
      }
    }
    return false;
  }

  private static int endOfString(byte[] text, int from) {
    int at = from;
    while (at < text.length && text[at] != '"') {
      at += text[at] == '\\' ? 2 : 1;
    }
    return at;
  }
}
