package io.pipeline.dataflow.json;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Finds the first error of a text that a JSON parser refused. Linear. */
final class FindJsonError {
  private static final Pattern NUMBER =
      Pattern.compile("-?(?:0|[1-9][0-9]*+)(?:\\.[0-9]++)?(?:[eE][+-]?[0-9]++)?");
  private static final Pattern LITERAL = Pattern.compile("true|false|null");
  private static final Pattern ESCAPE = Pattern.compile("\\\\(?:[\"\\\\/bfnrt]|u[0-9A-Fa-f]{4})");
  private static final Pattern CUT_ESCAPE = Pattern.compile("\\\\(?:u[0-9A-Fa-f]{0,3})?");

  private final String text;
  private final Deque<Character> open = new ArrayDeque<>();
  private int at;

  private FindJsonError(String text, int from) {
    this.text = text;
    this.at = from;
  }

  /**
   * The first place at which a text is not JSON.
   *
   * @param at offset of the first character that cannot continue a JSON text; the text's length if
   *     it ends too early
   * @param valueEnd offset after the first complete value if the error is that another one follows,
   *     else −1
   */
  record JsonError(int at, String expected, int valueEnd) {}

  private enum Expected {
    VALUE("a JSON value"),
    VALUE_OR_END("a JSON value or ]"),
    KEY_OR_END("a key in double quotes or }"),
    KEY("a key in double quotes"),
    COLON("a colon"),
    COMMA_OR_END("a comma or the end of the object or array");

    final String words;

    Expected(String words) {
      this.words = words;
    }
  }

  /** Thrown inside only: the walk ends at the first error. */
  private static final class Found extends Exception {
    final transient JsonError error;

    Found(JsonError error) {
      super(null, null, false, false);
      this.error = error;
    }
  }

  static JsonError find(String text, int from) {
    FindJsonError finder = new FindJsonError(text, from);
    try {
      return finder.walk();
    } catch (Found found) {
      return found.error;
    }
  }

  private JsonError walk() throws Found {
    Expected expected = Expected.VALUE;
    do {
      skipSpace();
      expected = step(expected);
    } while (!open.isEmpty() || expected != Expected.COMMA_OR_END);
    int valueEnd = at;
    skipSpace();
    return new JsonError(at, "the end of the data", valueEnd);
  }

  /** Consumes one token; returns what may follow. */
  private Expected step(Expected expected) throws Found {
    char c = at < text.length() ? text.charAt(at) : '\0';
    boolean isInObject = !open.isEmpty() && open.peek() == '{';
    switch (expected) {
      case COLON -> {
        if (c == ':') {
          return take(Expected.VALUE);
        }
      }
      case COMMA_OR_END -> {
        if (c == ',') {
          return take(isInObject ? Expected.KEY : Expected.VALUE);
        }
        if (c == (isInObject ? '}' : ']')) {
          return close();
        }
      }
      case KEY, KEY_OR_END -> {
        if (c == '}' && expected == Expected.KEY_OR_END) {
          return close();
        }
        if (c == '"') {
          return string(Expected.COLON);
        }
      }
      case VALUE, VALUE_OR_END -> {
        if (c == ']' && expected == Expected.VALUE_OR_END) {
          return close();
        }
        return value(expected, c);
      }
    }
    throw error(expected);
  }

  private Expected value(Expected expected, char c) throws Found {
    if (c == '{' || c == '[') {
      open.push(c);
      return take(c == '{' ? Expected.KEY_OR_END : Expected.VALUE_OR_END);
    }
    if (c == '"') {
      return string(Expected.COMMA_OR_END);
    }
    for (Pattern pattern : List.of(LITERAL, NUMBER)) {
      Matcher matcher = pattern.matcher(text).region(at, text.length());
      if (matcher.lookingAt()) {
        at = matcher.end();
        return Expected.COMMA_OR_END;
      }
    }
    String rest = text.substring(at, Math.min(text.length(), at + 6));
    if (!rest.isEmpty()
        && List.of("true", "false", "null", "-").stream().anyMatch(word -> word.startsWith(rest))) {
      at = text.length();
    }
    throw error(expected);
  }

  private Expected string(Expected next) throws Found {
    for (int i = at + 1; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"') {
        at = i + 1;
        return next;
      }
      if (c < ' ') {
        throw new Found(
            new JsonError(i, "an escape: control characters are not allowed in strings", -1));
      }
      if (c == '\\') {
        Matcher escape = ESCAPE.matcher(text).region(i, text.length());
        if (!escape.lookingAt()) {
          boolean isCutOff =
              i + 6 > text.length() && CUT_ESCAPE.matcher(text.substring(i)).matches();
          throw new Found(
              new JsonError(isCutOff ? text.length() : i, "an escape that JSON has", -1));
        }
        i = escape.end() - 1;
      }
    }
    throw new Found(new JsonError(text.length(), "the end of the string", -1));
  }

  private Expected take(Expected next) {
    at++;
    return next;
  }

  private Expected close() {
    open.pop();
    return take(Expected.COMMA_OR_END);
  }

  private Found error(Expected expected) {
    return new Found(new JsonError(at, expected.words, -1));
  }

  private void skipSpace() {
    while (at < text.length() && " \t\n\r".indexOf(text.charAt(at)) >= 0) {
      at++;
    }
  }
}
