package io.pipeline.dataflow.json;

import com.fasterxml.jackson.core.io.JsonStringEncoder;

/** Writes compact JSON. */
public final class JsonWriter {
  private static final JsonStringEncoder ENCODER = JsonStringEncoder.getInstance();

  private JsonWriter() {}

  /**
   * Writes a value that BigQuery's JSON type keeps ({@link JsonNode#isKeptByJson}).
   *
   * <p>Numbers have one form: 64-bit integers in plain digits, others as the shortest double.
   */
  public static String write(JsonNode node) {
    StringBuilder text = new StringBuilder();
    append(node, text);
    return text.toString();
  }

  private static void append(JsonNode node, StringBuilder text) {
    switch (node.kind()) {
      case NULL -> text.append("null");
      case BOOLEAN -> text.append(((JsonNode.Bool) node).value());
      case NUMBER -> appendNumber((JsonNode.Num) node, text);
      case STRING -> appendQuoted(((JsonNode.Text) node).value(), text);
      case ARRAY -> {
        JsonNode.Array array = (JsonNode.Array) node;
        text.append('[');
        for (int i = 0; i < array.size(); i++) {
          if (i > 0) {
            text.append(',');
          }
          append(array.get(i), text);
        }
        text.append(']');
      }
      case OBJECT -> {
        JsonNode.Obj object = (JsonNode.Obj) node;
        text.append('{');
        for (int i = 0; i < object.size(); i++) {
          if (i > 0) {
            text.append(',');
          }
          appendQuoted(object.key(i), text);
          text.append(':');
          append(object.value(i), text);
        }
        text.append('}');
      }
    }
  }

  private static void appendNumber(JsonNode.Num number, StringBuilder text) {
    if (number.isSmall() && number.scale() == 0) {
      text.append(number.unscaled());
    } else {
      text.append(number.decimal().toJson());
    }
  }

  public static String quote(String value) {
    StringBuilder text = new StringBuilder(value.length() + 2);
    appendQuoted(value, text);
    return text.toString();
  }

  public static void appendQuoted(String value, StringBuilder text) {
    text.append('"');
    ENCODER.quoteAsString(value, text);
    text.append('"');
  }
}
