package io.pipeline.dataflow.schema;

import io.pipeline.dataflow.json.JsonNode;
import java.util.List;
import java.util.regex.Pattern;

/** Recognises objects whose keys are data (ids, dates, addresses) rather than field names. */
final class DataKeys {
  private static final int MIN_KEYS = 8;

  /** Children of a RECORD from which on it is closed if three quarters of their keys are data. */
  private static final int MIN_CHILDREN = 20;

  /** Longer keys of children do not count, because a description may record only their hash. */
  private static final int MAX_CHILD_KEY = 128;

  /**
   * No pattern nests or alternates over the same characters, so that each is linear in the length
   * of the key.
   */
  private static final List<Pattern> PATTERNS =
      List.of(
          Pattern.compile("[0-9]++"),
          Pattern.compile("[0-9A-Fa-f]{16}[0-9A-Fa-f]*+"),
          Pattern.compile("[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}"),
          Pattern.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}"),
          Pattern.compile("[0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\\.[0-9]++)?)?"),
          Pattern.compile(
              "[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\\.[0-9]++)?)?"
                  + "(?:Z|[+-][0-9]{2}:[0-9]{2})?"));

  private DataKeys() {}

  /**
   * True for at least 8 keys of which three quarters look like data, or for more than {@code
   * maxKeys}.
   */
  static boolean areKeysOf(JsonNode.Obj object, int maxKeys) {
    if (object.size() > maxKeys) {
      return true;
    }
    if (object.size() < MIN_KEYS) {
      return false;
    }
    int matching = 0;
    for (int i = 0; i < object.size(); i++) {
      if (isData(object.key(i))) {
        matching++;
      }
    }
    return matching * 4 >= object.size() * 3;
  }

  /** True if a RECORD accepts no more children because their keys are data, a few per event. */
  static boolean areDataChildren(int children, int dataKeys) {
    return children >= MIN_CHILDREN && dataKeys * 4 >= children * 3;
  }

  /** True if the key of a RECORD's child counts as data. */
  static boolean isDataChild(String key) {
    return key.length() <= MAX_CHILD_KEY && isData(key);
  }

  /** Counts the columns whose key is known and counts as data. */
  static int countDataChildren(List<Column> columns) {
    int count = 0;
    for (Column column : columns) {
      ColumnNote note = ColumnNote.read(column.description());
      if (note.key() != null || note.keySha256() == null) {
        count += isDataChild(note.key() == null ? column.name() : note.key()) ? 1 : 0;
      }
    }
    return count;
  }

  private static boolean isData(String key) {
    return PATTERNS.stream().anyMatch(pattern -> pattern.matcher(key).matches()) || isEmail(key);
  }

  private static boolean isEmail(String key) {
    int at = key.indexOf('@');
    if (at < 1 || key.indexOf('@', at + 1) >= 0 || hasSpace(key)) {
      return false;
    }
    int dot = key.indexOf('.', at);
    return dot >= 0 && dot != at + 1 && !key.endsWith(".");
  }

  private static boolean hasSpace(String key) {
    return key.chars().anyMatch(c -> c == ' ' || c == '\t' || c == '\n' || c == '\r');
  }
}
