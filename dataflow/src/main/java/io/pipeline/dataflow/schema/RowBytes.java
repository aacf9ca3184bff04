package io.pipeline.dataflow.schema;

import com.google.common.base.Utf8;
import io.pipeline.dataflow.json.Event;
import io.pipeline.dataflow.json.JsonNode;
import io.pipeline.dataflow.json.JsonWriter;

/** Measures a row as compact UTF-8 JSON: numbers as written in the event, JSON columns inline. */
final class RowBytes {
  /** Braces of an object, or brackets. */
  private static final int ENDS = 2;

  /** The colon and comma of a member. */
  private static final int SEPARATORS = 2;

  private static final int QUOTES = 2;

  /** The shortest member that makes a column's name appear: {@code "":1,}. */
  private static final int SHORTEST_MEMBER = 5;

  private static final int PIPELINE_BYTES = 600;

  private RowBytes() {}

  /** Returns an upper bound without walking the row; valid only for a row without overflow. */
  static long bound(Row row, Event event) {
    long outside =
        PIPELINE_BYTES
            + 3L * (row.attributesJson().length() + 6L * event.eventType().length())
            + 6L * row.messageId().length();
    long names = (event.size() / SHORTEST_MEMBER + 1L) * (row.compiled().longestName() + 4);
    return outside + event.size() + names;
  }

  static long of(Row row, Event event, MessageMeta message, long overflowSpelling) {
    long bytes = ENDS;
    for (PipelineColumn column : PipelineColumn.values()) {
      if (row.compiled().fieldNumber(column) > 0) {
        long value = ofPipelineColumn(column, row, message, overflowSpelling);
        bytes += value == 0 ? 0 : ofText(column.columnName()) + SEPARATORS + value;
      }
    }
    return bytes + ofMembers(event.root(), row.event());
  }

  private static long ofPipelineColumn(
      PipelineColumn column, Row row, MessageMeta message, long overflowSpelling) {
    return switch (column) {
      case MESSAGE_ID -> ofText(row.messageId());
      case PUBLISH_TIME, INGEST_TIME -> message.publishTime().toString().length() + QUOTES;
      case EVENT_TYPE -> ofText(row.eventType());
      case REVISION -> 0;
      case ATTRIBUTES -> Utf8.encodedLength(row.attributesJson());
      case OVERFLOW ->
          row.overflowJson() == null
              ? 0
              : Utf8.encodedLength(row.overflowJson()) + overflowSpelling;
    };
  }

  private static long ofMembers(JsonNode.Obj object, RowRecord row) {
    long bytes = 0;
    for (int i = 0; i < object.size(); i++) {
      CompiledColumn column = row.record().columnOfKey(object.key(i));
      Object value = column == null ? null : row.value(column.index);
      if (value != null) {
        bytes += ofText(column.name) + SEPARATORS + ofValue(object.value(i), value);
      }
    }
    return bytes;
  }

  private static long ofValue(JsonNode node, Object value) {
    if (value instanceof RowRecord record) {
      return ENDS + (node instanceof JsonNode.Obj object ? ofMembers(object, record) : 0);
    }
    if (value instanceof Object[] values && node instanceof JsonNode.Array array) {
      long bytes = ENDS;
      for (int i = 0; i < values.length; i++) {
        bytes += 1 + ofValue(array.get(i), values[i]);
      }
      return bytes;
    }
    return ofJson(node);
  }

  static long ofJson(JsonNode node) {
    return switch (node.kind()) {
      case NULL -> 4;
      case BOOLEAN -> ((JsonNode.Bool) node).value() ? 4 : 5;
      case NUMBER -> ((JsonNode.Num) node).literal().length();
      case STRING -> ofText(((JsonNode.Text) node).value());
      case ARRAY -> {
        JsonNode.Array array = (JsonNode.Array) node;
        long bytes = (long) ENDS + Math.max(0, array.size() - 1);
        for (int i = 0; i < array.size(); i++) {
          bytes += ofJson(array.get(i));
        }
        yield bytes;
      }
      case OBJECT -> {
        JsonNode.Obj object = (JsonNode.Obj) node;
        long bytes = (long) ENDS + Math.max(0, object.size() - 1);
        for (int i = 0; i < object.size(); i++) {
          bytes += ofText(object.key(i)) + 1 + ofJson(object.value(i));
        }
        yield bytes;
      }
    };
  }

  static long ofText(String value) {
    return Utf8.encodedLength(JsonWriter.quote(value));
  }

  /** Counts the bytes of the numbers in a value as written in the event. */
  static long ofNumbers(JsonNode node) {
    return sumOfNumbers(node, false);
  }

  /** Counts the bytes of the numbers in a value as {@link JsonWriter#write} writes them. */
  static long ofCanonicalNumbers(JsonNode node) {
    return sumOfNumbers(node, true);
  }

  private static long sumOfNumbers(JsonNode node, boolean isCanonical) {
    long bytes = 0;
    if (node instanceof JsonNode.Num number) {
      return (isCanonical ? JsonWriter.write(number) : number.literal()).length();
    }
    if (node instanceof JsonNode.Array array) {
      for (int i = 0; i < array.size(); i++) {
        bytes += sumOfNumbers(array.get(i), isCanonical);
      }
    } else if (node instanceof JsonNode.Obj object) {
      for (int i = 0; i < object.size(); i++) {
        bytes += sumOfNumbers(object.value(i), isCanonical);
      }
    }
    return bytes;
  }
}
