package io.pipeline.dataflow.schema;

import java.io.Serializable;
import java.util.Map;

/**
 * Maps an event type to its table.
 *
 * <p>Shape: {@code UserSignedUp} → {@code user_signed_up}, {@code order.created} → {@code
 * order_created}; configured routes take precedence and are used unchanged. Limits: at most 200
 * characters {@code [a-z0-9_]}, beginning with a letter; never the name of a view of the dataset.
 */
public final class EventRouter implements Serializable {
  private static final int MAX_TABLE_NAME = 200;
  private static final int HASH_DIGITS = 8;

  private final Map<String, String> routes;

  public EventRouter(Map<String, String> routes) {
    this.routes = Map.copyOf(routes);
  }

  public String route(String eventType) {
    String routed = routes.get(eventType);
    return routed == null ? tableOf(eventType) : routed;
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
