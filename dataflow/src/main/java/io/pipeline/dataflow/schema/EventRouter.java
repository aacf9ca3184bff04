package io.pipeline.dataflow.schema;

import java.io.Serializable;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Maps an event type to its table.
 *
 * <p>Shape: {@code UserSignedUp} → {@code user_signed_up}, {@code order.created} → {@code
 * order_created}; configured routes take precedence and are used unchanged. A key with {@code *}
 * ({@code webhook.*}) is a pattern: {@code *} is any run of characters, also none. An exact key
 * goes before patterns, and of these the one with the most characters besides {@code *}. Limits: at
 * most 200 characters {@code [a-z0-9_]}, beginning with a letter; never the name of a view of the
 * dataset.
 */
public final class EventRouter implements Serializable {
  private static final int MAX_TABLE_NAME = 200;
  private static final int HASH_DIGITS = 8;
  private static final char ANY = '*';

  /** A power of two; a slot has the last type with its hash. */
  private static final int SLOTS = 1_024;

  private record Routed(String eventType, String table) {}

  /**
   * Tables of the last types. Threads that overwrite each other's slots lose time only; null after
   * deserialization.
   */
  private transient Routed @Nullable [] known;

  private final Map<String, String> routes;

  /** In the order in which they are tried, whatever the order of the option. */
  private final List<String> patterns;

  public EventRouter(Map<String, String> routes) {
    this.routes = Map.copyOf(routes);
    this.patterns =
        routes.keySet().stream()
            .filter(key -> key.indexOf(ANY) >= 0)
            .sorted(
                Comparator.comparingInt(EventRouter::textLength)
                    .reversed()
                    .thenComparing(Comparator.naturalOrder()))
            .toList();
  }

  public String route(String eventType) {
    Routed[] types = known;
    if (types == null) {
      types = new Routed[SLOTS];
      known = types;
    }
    int hash = eventType.hashCode();
    int slot = (hash ^ (hash >>> 16)) & (SLOTS - 1);
    Routed last = types[slot];
    if (last == null || !last.eventType.equals(eventType)) {
      last = new Routed(eventType, find(eventType));
      types[slot] = last;
    }
    return last.table;
  }

  private String find(String eventType) {
    String routed = routes.get(eventType);
    if (routed != null) {
      return routed;
    }
    for (String pattern : patterns) {
      if (matches(eventType, pattern)) {
        return routes.get(pattern);
      }
    }
    return tableOf(eventType);
  }

  private static int textLength(String pattern) {
    return (int) pattern.chars().filter(c -> c != ANY).count();
  }

  /** Finds each text at its first place after the one before. */
  private static boolean matches(String eventType, String pattern) {
    int firstStar = pattern.indexOf(ANY);
    int lastStar = pattern.lastIndexOf(ANY);
    String last = pattern.substring(lastStar + 1);
    if (!eventType.startsWith(pattern.substring(0, firstStar))) {
      return false;
    }
    int at = firstStar;
    int star = firstStar;
    while (star < lastStar) {
      int next = pattern.indexOf(ANY, star + 1);
      String text = pattern.substring(star + 1, next);
      int found = eventType.indexOf(text, at);
      if (found < 0) {
        return false;
      }
      at = found + text.length();
      star = next;
    }
    return eventType.length() - last.length() >= at && eventType.endsWith(last);
  }

  private static String tableOf(String eventType) {
    String name = snakeCase(eventType);
    if (name.isEmpty()) {
      name = "t_" + hashOf(eventType);
    }
    if (Ascii.isDigit(name.charAt(0))) {
      name = "t_" + name;
    }
    if (name.endsWith("_unique")
        || name.equals("dead_letters")
        || name.equals("information_schema")) {
      name += "_";
    }
    if (name.length() <= MAX_TABLE_NAME) {
      return name;
    }
    return name.substring(0, MAX_TABLE_NAME - 1 - HASH_DIGITS) + "_" + hashOf(eventType);
  }

  private static String hashOf(String eventType) {
    return Sha256.hex(eventType).substring(0, HASH_DIGITS);
  }

  private static String snakeCase(String text) {
    String letters = Unaccented.of(text);
    StringBuilder name = new StringBuilder();
    boolean isBreak = false;
    for (int i = 0; i < letters.length(); i++) {
      char c = letters.charAt(i);
      if (!Ascii.isAlphanumeric(c)) {
        isBreak = true;
        continue;
      }
      if (!name.isEmpty() && (isBreak || isNewWord(letters, i))) {
        name.append('_');
      }
      isBreak = false;
      name.append(c);
    }
    return Ascii.lower(name.toString());
  }

  /**
   * True after a lower-case letter or digit, and for the last of a run of capitals before a
   * lower-case letter.
   */
  private static boolean isNewWord(String text, int at) {
    if (at == 0 || !Ascii.isUpper(text.charAt(at))) {
      return false;
    }
    char before = text.charAt(at - 1);
    if (Ascii.isLower(before) || Ascii.isDigit(before)) {
      return true;
    }
    return Ascii.isUpper(before) && at + 1 < text.length() && Ascii.isLower(text.charAt(at + 1));
  }
}
