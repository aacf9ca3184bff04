package io.pipeline.dataflow.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;

/** Parses JSON into a tree that keeps every literal, and reports invalid keys. */
final class TreeReader {
  /**
   * Limits only the depth: {@link JsonScan} bounds the number of values before. Field names are not
   * interned, because those of hostile events do not repeat.
   */
  static final JsonFactory FACTORY =
      JsonFactory.builder()
          .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
          .disable(JsonFactory.Feature.FAIL_ON_SYMBOL_HASH_OVERFLOW)
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(JsonScan.MAX_DEPTH)
                  .maxNumberLength(Integer.MAX_VALUE)
                  .maxStringLength(Integer.MAX_VALUE)
                  .maxNameLength(Integer.MAX_VALUE)
                  .build())
          .build();

  private static final JsonNode.Null NULL = new JsonNode.Null();
  private static final JsonNode.Bool TRUE = new JsonNode.Bool(true);
  private static final JsonNode.Bool FALSE = new JsonNode.Bool(false);
  private static final JsonNode[] NO_NODES = {};
  private static final String[] NO_KEYS = {};

  /** A set of keys is cheaper than comparisons above this many members. */
  private static final int SMALL_OBJECT = 24;

  /** Initial capacity; grows as needed. */
  private static final int STACK = 16;

  private final JsonParser parser;
  private final boolean mayHoldHalfPairs;
  private final boolean isPlaced;
  private JsonNode[] values = new JsonNode[STACK];
  private String[] keys = new String[STACK];
  private int valueCount;
  private int keyCount;
  private boolean hasDuplicateKey;
  private boolean hasKeyNotUnicode;

  private TreeReader(JsonParser parser, boolean mayHoldHalfPairs, boolean isPlaced) {
    this.parser = parser;
    this.mayHoldHalfPairs = mayHoldHalfPairs;
    this.isPlaced = isPlaced;
  }

  /** A tree, and the defects of its keys. */
  record Tree(JsonNode root, boolean hasDuplicateKey, boolean hasKeyNotUnicode) {}

  /**
   * Parses the bytes of a message, which are valid UTF-8.
   *
   * @param isPlaced record the source position of each node
   * @return null if the text is not exactly one JSON value, or too deep
   */
  static Tree read(byte[] text, boolean mayHoldHalfPairs, boolean isPlaced) {
    if (looksLikeWideText(text) || Utf8Text.startsWithMark(text)) {
      return null;
    }
    try (JsonParser parser = FACTORY.createParser(text)) {
      return new TreeReader(parser, mayHoldHalfPairs, isPlaced).readWhole();
    } catch (IOException notJson) {
      return null;
    }
  }

  static Tree read(String text) {
    try (JsonParser parser = FACTORY.createParser(text)) {
      return new TreeReader(parser, true, false).readWhole();
    } catch (IOException notJson) {
      return null;
    }
  }

  /** True if the parser would detect UTF-16 or UTF-32. A leading NUL is not valid JSON in UTF-8. */
  private static boolean looksLikeWideText(byte[] text) {
    for (int i = 0; i < Math.min(4, text.length); i++) {
      if (text[i] == 0) {
        return true;
      }
    }
    return false;
  }

  private Tree readWhole() throws IOException {
    JsonToken token = parser.nextToken();
    if (token == null) {
      return null;
    }
    JsonNode root = readValue(token);
    if (parser.nextToken() != null) {
      return null;
    }
    return new Tree(root, hasDuplicateKey, hasKeyNotUnicode);
  }

  private JsonNode readValue(JsonToken token) throws IOException {
    if (!isPlaced) {
      return readNode(token);
    }
    int start = (int) parser.currentTokenLocation().getByteOffset();
    JsonNode node = readNode(token);
    parser.finishToken();
    node.place(start, (int) parser.currentLocation().getByteOffset());
    return node;
  }

  private JsonNode readNode(JsonToken token) throws IOException {
    return switch (token) {
      case START_OBJECT -> readObject();
      case START_ARRAY -> readArray();
      case VALUE_STRING -> readText();
      case VALUE_NUMBER_INT -> readInteger();
      case VALUE_NUMBER_FLOAT -> readDecimal();
      case VALUE_TRUE -> isPlaced ? new JsonNode.Bool(true) : TRUE;
      case VALUE_FALSE -> isPlaced ? new JsonNode.Bool(false) : FALSE;
      case VALUE_NULL -> isPlaced ? new JsonNode.Null() : NULL;
      default -> throw new IOException("no value");
    };
  }

  private JsonNode.Obj readObject() throws IOException {
    int firstValue = valueCount;
    int firstKey = keyCount;
    int facts = 0;
    long seen = 0;
    Set<String> seenKeys = null;
    String key;
    while ((key = parser.nextFieldName()) != null) {
      long bit = 1L << ((key.hashCode() * 0x9E3779B9) >>> 26);
      if (seenKeys != null) {
        hasDuplicateKey |= !seenKeys.add(key);
      } else if ((seen & bit) != 0) {
        hasDuplicateKey |= isAmongKeys(key, firstKey);
      }
      seen |= bit;
      if (mayHoldHalfPairs && !Utf8Text.isUnicode(key)) {
        hasKeyNotUnicode = true;
      }
      pushKey(key);
      if (seenKeys == null && keyCount - firstKey > SMALL_OBJECT) {
        seenKeys = new HashSet<>(Arrays.asList(keys).subList(firstKey, keyCount));
      }
      JsonNode value = readValue(parser.nextToken());
      pushValue(value);
      facts |= value.facts;
    }
    if (parser.currentToken() != JsonToken.END_OBJECT) {
      throw new IOException("no end of an object");
    }
    JsonNode.Obj object = new JsonNode.Obj(popKeys(firstKey), popValues(firstValue), facts);
    return object;
  }

  private boolean isAmongKeys(String key, int first) {
    for (int i = first; i < keyCount; i++) {
      if (keys[i].equals(key)) {
        return true;
      }
    }
    return false;
  }

  private JsonNode.Array readArray() throws IOException {
    int first = valueCount;
    int facts = 0;
    JsonToken token;
    while ((token = parser.nextToken()) != JsonToken.END_ARRAY) {
      if (token == null) {
        throw new IOException("no end of an array");
      }
      JsonNode value = readValue(token);
      pushValue(value);
      facts |= value.facts;
    }
    return new JsonNode.Array(popValues(first), facts);
  }

  private JsonNode.Text readText() throws IOException {
    String text = parser.getText();
    return new JsonNode.Text(text, !mayHoldHalfPairs || Utf8Text.isUnicode(text));
  }

  private JsonNode.Num readInteger() throws IOException {
    int length = parser.getTextLength();
    if (length > JsonNode.Num.MAX_SMALL_LENGTH) {
      return JsonNode.Num.of(parser.getText());
    }
    char[] chars = parser.getTextCharacters();
    int at = parser.getTextOffset();
    int end = at + length;
    boolean isNegative = chars[at] == '-';
    long number = 0;
    for (int i = isNegative ? at + 1 : at; i < end; i++) {
      number = number * 10 + (chars[i] - '0');
    }
    if (isNegative && number == 0) {
      return JsonNode.Num.of(parser.getText());
    }
    return JsonNode.Num.small(isNegative ? -number : number, 0);
  }

  private JsonNode.Num readDecimal() throws IOException {
    int length = parser.getTextLength();
    if (length > JsonNode.Num.MAX_SMALL_LENGTH) {
      return JsonNode.Num.of(parser.getText());
    }
    char[] chars = parser.getTextCharacters();
    int at = parser.getTextOffset();
    int end = at + length;
    boolean isNegative = chars[at] == '-';
    long number = 0;
    int dotAt = end - 1;
    for (int i = isNegative ? at + 1 : at; i < end; i++) {
      char c = chars[i];
      if (c == '.') {
        dotAt = i;
      } else if (c > '9') {
        return JsonNode.Num.of(parser.getText());
      } else {
        number = number * 10 + (c - '0');
      }
    }
    if (number == 0) {
      return JsonNode.Num.of(parser.getText());
    }
    return JsonNode.Num.small(isNegative ? -number : number, end - 1 - dotAt);
  }

  private void pushKey(String key) {
    if (keyCount == keys.length) {
      keys = Arrays.copyOf(keys, keyCount * 2);
    }
    keys[keyCount++] = key;
  }

  private void pushValue(JsonNode value) {
    if (valueCount == values.length) {
      values = Arrays.copyOf(values, valueCount * 2);
    }
    values[valueCount++] = value;
  }

  private String[] popKeys(int first) {
    String[] popped = keyCount == first ? NO_KEYS : Arrays.copyOfRange(keys, first, keyCount);
    keyCount = first;
    return popped;
  }

  private JsonNode[] popValues(int first) {
    JsonNode[] popped =
        valueCount == first ? NO_NODES : Arrays.copyOfRange(values, first, valueCount);
    valueCount = first;
    return popped;
  }
}
