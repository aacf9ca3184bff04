package io.pipeline.dataflow.schema;

import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/** Names new columns. */
final class ColumnNames {
  private static final int MAX_NAME = 128;
  private static final Pattern PLAIN = Pattern.compile("[A-Za-z_][A-Za-z0-9_]{0,127}");
  private static final int[] HASH_DIGITS = {8, 16, 32, 64};
  private static final List<String> RESERVED_PREFIXES =
      List.of(
          "_table_",
          "_file_",
          "_partition",
          "_row_timestamp",
          "__root__",
          "_colidentifier",
          "_change_sequence_number",
          "_change_type",
          "_change_timestamp");

  private ColumnNames() {}

  /** Returns the name for an event key; {@code isTaken} receives a lower-cased name. */
  static String of(String key, Predicate<String> isTaken) {
    String base = base(key);
    if (!base.isEmpty() && base.length() <= MAX_NAME && !isTaken.test(Ascii.lower(base))) {
      return base;
    }
    String name = base;
    for (int digits : HASH_DIGITS) {
      String hash = Sha256.hex(key).substring(0, digits);
      name = base.substring(0, Math.min(base.length(), MAX_NAME - 1 - digits)) + "_" + hash;
      if (!isTaken.test(Ascii.lower(name))) {
        break;
      }
    }
    return name;
  }

  /** True if the key is the column's name unless that name is taken. */
  static boolean isOwnName(String key) {
    return PLAIN.matcher(key).matches() && !isReserved(key);
  }

  private static String base(String key) {
    if (isOwnName(key)) {
      return key;
    }
    StringBuilder name = new StringBuilder();
    Unaccented.of(key)
        .codePoints()
        .forEach(c -> name.append(c < 0x80 && Ascii.isAlphanumeric((char) c) ? (char) c : '_'));
    if (name.chars().noneMatch(c -> Ascii.isAlphanumeric((char) c))) {
      return "";
    }
    boolean needsPrefix = Ascii.isDigit(name.charAt(0)) || isReserved(name.toString());
    return needsPrefix ? "_" + name : name.toString();
  }

  private static boolean isReserved(String name) {
    String lower = Ascii.lower(name);
    return RESERVED_PREFIXES.stream().anyMatch(lower::startsWith);
  }
}
