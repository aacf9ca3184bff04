package io.pipeline.dataflow.json;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.pipeline.dataflow.json.FindJsonError.JsonError;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Base64;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Describes why a message is not an event: the place, what was found, what was expected, and the
 * remedy for common mistakes. Names only characters and words of known mistakes, never a value of
 * the event. Called for refused messages only; the texts are those of table-manager.
 */
final class NotJson {
  private static final int FORM_LENGTH = 4_096;
  private static final int BINARY_LENGTH = 64;
  private static final int MAX_COUNTED_VALUES = 1_000;
  private static final int MAX_NAMED_KEY = 100;
  private static final Pattern MARKUP = Pattern.compile("<(?:[?!]|[A-Za-z_])");
  private static final Pattern FORM = Pattern.compile("[\\w.%+-]++=[^\\s{}\"<>]*+");
  private static final Pattern BASE64 = Pattern.compile("[A-Za-z0-9+/_-]++={0,2}");

  private record Mistake(Pattern pattern, String words) {
    Mistake(String pattern, String words) {
      this(Pattern.compile(pattern), words);
    }
  }

  /** Common mistakes, by the text at the error. */
  private static final List<Mistake> MISTAKES =
      List.of(
          new Mistake(
              "-?(?:NaN|Infinity)\\b",
              "NaN or Infinity, which JSON does not have: leave the field out or write a string"),
          new Mistake("undefined\\b", "undefined, which JSON does not have: leave the field out"),
          new Mistake(
              "(?:True|False|None)\\b",
              "a Python literal; JSON has true, false and null: use json.dumps"),
          new Mistake(
              "(?:TRUE|FALSE|NULL)\\b", "a literal in capitals; JSON has true, false and null"),
          new Mistake("/[/*]|#", "a comment, which JSON does not have"),
          new Mistake("'", "a single quote; JSON's strings have double quotes"),
          new Mistake("`", "a backquote; JSON's strings have double quotes"),
          new Mistake(
              "[+.][0-9]", "a number that begins with + or a point, which JSON does not have"),
          new Mistake("0[xXoObB]", "a number that is not decimal"));

  private NotJson() {}

  static String describe(byte[] data) {
    String text = new String(data, StandardCharsets.UTF_8);
    String whole = describeWhole(text);
    if (whole != null) {
      return whole;
    }
    JsonError error = FindJsonError.find(text, 0);
    if (error.valueEnd() >= 0) {
      return describeSecond(text, error.valueEnd());
    }
    if (error.at() >= text.length()) {
      return "cut off after " + data.length + " bytes: expected " + error.expected();
    }
    return placeOf(text, error.at()) + ": " + found(text, error) + "; expected " + error.expected();
  }

  /** Recognises other formats by their beginning, and texts of one kind of character. */
  private static String describeWhole(String text) {
    String start = text.stripLeading();
    if (text.isEmpty()) {
      return "the data is empty";
    }
    if (start.isEmpty()) {
      return "the data is white space only";
    }
    if (MARKUP.matcher(start).lookingAt()) {
      return "the data is XML or HTML; publish JSON";
    }
    if (text.startsWith("Obj\u0001")) {
      return "the data is an Avro file; publish JSON";
    }
    if (text.startsWith("PAR1")) {
      return "the data is a Parquet file; publish JSON";
    }
    if (isBase64OfJson(start.stripTrailing())) {
      return "the data is base64 of JSON; publish the JSON itself, the client encodes it";
    }
    if (FORM.matcher(cut(start, FORM_LENGTH).stripTrailing()).matches()) {
      return "the data is form data (name=value); publish JSON";
    }
    boolean isBinary =
        "{[\"".indexOf(start.charAt(0)) < 0
            && cut(text, BINARY_LENGTH).chars().anyMatch(c -> c <= 8 || (c >= 14 && c < 32));
    return isBinary
        ? "the data is binary, as Avro and Protobuf are; publish JSON, or set the encoding of the"
            + " topic schema to JSON"
        : null;
  }

  private static boolean isBase64OfJson(String text) {
    if (text.length() < 4 || !BASE64.matcher(text).matches()) {
      return false;
    }
    try {
      byte[] bytes = Base64.getDecoder().decode(text.replace('-', '+').replace('_', '/'));
      String decoded = new String(bytes, StandardCharsets.UTF_8).stripLeading();
      return Utf8Text.inspect(bytes) != Utf8Text.NOT_UTF8
          && (decoded.startsWith("{") || decoded.startsWith("["));
    } catch (IllegalArgumentException notBase64) {
      return false;
    }
  }

  /** Counts the values of a text that has several, up to a bound. */
  private static String describeSecond(String text, int firstEnd) {
    int begin = skipSpace(text, firstEnd);
    int values = 1;
    int rest = begin;
    while (rest < text.length() && values < MAX_COUNTED_VALUES) {
      int end = FindJsonError.find(text, rest).valueEnd();
      if (end < 0) {
        break;
      }
      values++;
      rest = skipSpace(text, end);
    }
    if (values == 1) {
      return placeOf(text, begin)
          + ": "
          + characterAt(text, begin)
          + " after the JSON value; expected the end of the data";
    }
    String count = rest >= text.length() ? "" + values : "more than " + (values - 1);
    return count
        + " JSON values, the second at "
        + placeOf(text, begin)
        + "; publish each as a message of its own";
  }

  private static int skipSpace(String text, int from) {
    int at = from;
    while (at < text.length() && " \t\n\r".indexOf(text.charAt(at)) >= 0) {
      at++;
    }
    return at;
  }

  private static String found(String text, JsonError error) {
    int at = error.at();
    char c = text.charAt(at);
    if ((c == '}' || c == ']') && lastBefore(text, at) == ',') {
      return "a comma after the last element, which JSON does not allow";
    }
    for (Mistake mistake : MISTAKES) {
      if (mistake
          .pattern()
          .matcher(text)
          .region(at, text.length())
          .useTransparentBounds(true)
          .lookingAt()) {
        return mistake.words();
      }
    }
    if (error.expected().startsWith("a key") && (isLetter(c) || c == '_' || c == '$')) {
      return "a key without double quotes";
    }
    char before = at > 0 ? text.charAt(at - 1) : ' ';
    char beforeThat = at > 1 ? text.charAt(at - 2) : ' ';
    if (isDigit(c) && before == '0' && !isDigit(beforeThat) && beforeThat != '.') {
      return "a number with a leading zero, which JSON does not have";
    }
    return isDigit(before) && "xXoObB".indexOf(c) >= 0
        ? "a number that is not decimal"
        : characterAt(text, at);
  }

  private static char lastBefore(String text, int at) {
    int before = at - 1;
    while (before >= 0 && Character.isWhitespace(text.charAt(before))) {
      before--;
    }
    return before < 0 ? ' ' : text.charAt(before);
  }

  /** Names punctuation; letters, digits and others by their kind, because they may be a value. */
  private static String characterAt(String text, int at) {
    int code = text.codePointAt(at);
    if (code < 128 && isLetter((char) code)) {
      return "a letter";
    }
    if (code < 128 && isDigit((char) code)) {
      return "a digit";
    }
    if (code < 32 || code == 127) {
      return String.format(Locale.ROOT, "the control character U+%04X", code);
    }
    return code < 127
        ? "the character " + (char) code
        : String.format(Locale.ROOT, "the character U+%04X", code);
  }

  private static boolean isLetter(char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  private static String cut(String text, int length) {
    return text.substring(0, Math.min(length, text.length()));
  }

  /** Returns for example {@code line 3, column 14}, from 1; columns count UTF-16 units. */
  private static String placeOf(String text, int offset) {
    String before = text.substring(0, offset);
    long line = before.chars().filter(c -> c == '\n').count() + 1;
    return "line " + line + ", column " + (offset - before.lastIndexOf('\n'));
  }

  static String describeNotUtf8(byte[] data) {
    int first = data.length > 0 ? data[0] & 0xff : 0;
    int second = data.length > 1 ? data[1] & 0xff : 0;
    if (first == 0x1f && second == 0x8b) {
      return "the data is gzip; publish it with the attribute content-encoding: gzip";
    }
    if ((first == 0xff && second == 0xfe) || (first == 0xfe && second == 0xff)) {
      return "the data is UTF-16; publish UTF-8";
    }
    return "the data is not UTF-8; it may be binary (Avro, Protobuf) or Latin-1";
  }

  static String describeRoot(JsonNode root) {
    if (root instanceof JsonNode.Array array) {
      return describeArray(array);
    }
    if (root instanceof JsonNode.Text string) {
      String value = string.value().stripLeading();
      if (value.startsWith("{") || value.startsWith("[")) {
        return "the data is a string that holds JSON; publish the object itself, encoded once";
      }
    }
    return "the data is of kind " + root.kind().name().toLowerCase(Locale.ROOT) + ", not an object";
  }

  private static String describeArray(JsonNode.Array array) {
    if (array.size() == 0) {
      return "the data is an empty array, not an object";
    }
    boolean areObjects = true;
    for (int i = 0; i < array.size(); i++) {
      areObjects &= array.get(i) instanceof JsonNode.Obj;
    }
    String count =
        array.size() + (areObjects ? " event" : " value") + (array.size() == 1 ? "" : "s");
    return "the data is an array of " + count + "; publish each element as a message of its own";
  }

  /** Describes the first key that occurs twice in one object, with both places. */
  static String describeDuplicate(byte[] data) {
    String text = new String(data, StandardCharsets.UTF_8);
    Deque<Map<String, Integer>> open = new ArrayDeque<>();
    try (JsonParser parser = TreeReader.FACTORY.createParser(text)) {
      for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
        if (token == JsonToken.START_OBJECT) {
          open.push(new HashMap<>());
        } else if (token == JsonToken.END_OBJECT) {
          open.pop();
        } else if (token == JsonToken.FIELD_NAME) {
          String key = parser.currentName();
          int at = offsetOf(parser);
          Integer first = open.element().putIfAbsent(key, at);
          if (first != null) {
            String name =
                key.length() > MAX_NAMED_KEY ? key.substring(0, MAX_NAMED_KEY) + "…" : key;
            return "the key "
                + JsonWriter.quote(name)
                + " occurs twice in one object: "
                + placeOf(text, first)
                + " and "
                + placeOf(text, at);
          }
        }
      }
    } catch (IOException | IllegalStateException unreadable) {
      return "a key occurs twice in one object";
    }
    return "a key occurs twice in one object";
  }

  /** Names the place of the first key that holds half a surrogate pair. */
  static String describeKeyNotUnicode(byte[] data) {
    String text = new String(data, StandardCharsets.UTF_8);
    try (JsonParser parser = TreeReader.FACTORY.createParser(text)) {
      for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
        if (token == JsonToken.FIELD_NAME && !Utf8Text.isUnicode(parser.currentName())) {
          return "the key at " + placeOf(text, offsetOf(parser)) + " holds an unpaired surrogate";
        }
      }
    } catch (IOException | IllegalStateException unreadable) {
      return "a key holds an unpaired surrogate";
    }
    return "a key holds an unpaired surrogate";
  }

  /** Returns the place of the current token, in UTF-16 units from 0. */
  private static int offsetOf(JsonParser parser) {
    return (int) parser.currentTokenLocation().getCharOffset();
  }
}
