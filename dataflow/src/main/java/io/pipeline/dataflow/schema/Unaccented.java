package io.pipeline.dataflow.schema;

import java.text.Normalizer;
import java.util.regex.Pattern;

/** Removes diacritical marks from letters. */
final class Unaccented {
  private static final Pattern MARKS = Pattern.compile("\\p{M}+");

  private Unaccented() {}

  /** Returns the NFD form without {@code \p{M}}. */
  static String of(String text) {
    if (text.chars().allMatch(c -> c < 0x80)) {
      return text;
    }
    return MARKS.matcher(Normalizer.normalize(text, Normalizer.Form.NFD)).replaceAll("");
  }
}
