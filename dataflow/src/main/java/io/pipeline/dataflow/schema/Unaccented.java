package io.pipeline.dataflow.schema;

import java.text.Normalizer;
import java.util.regex.Pattern;

/** Letters without their marks. */
final class Unaccented {
  private static final Pattern MARKS = Pattern.compile("\\p{M}+");

  private Unaccented() {}

  /** NFD without {@code \p{M}}. */
  static String of(String text) {
    if (text.chars().allMatch(c -> c < 0x80)) {
      return text;
    }
    return MARKS.matcher(Normalizer.normalize(text, Normalizer.Form.NFD)).replaceAll("");
  }
}
