package io.pipeline.dataflow.schema;

import io.pipeline.dataflow.json.JsonNode;
import io.pipeline.dataflow.json.JsonText;

/**
 * What the pipeline records about a column in the last line of its description, {@code pipeline:}
 * and a JSON object.
 *
 * @param key the event key, where it is not the column's name; else null
 * @param keySha256 its SHA-256 as 64 hex digits, where the key itself does not fit; else null
 * @param isClosed does the RECORD take no more children
 */
record ColumnNote(String key, String keySha256, boolean isClosed) {
  static final ColumnNote NONE = new ColumnNote(null, null, false);
  static final String PREFIX = "pipeline:";

  /** Anything that is not exactly a note is people's text, and gives an empty one. */
  static ColumnNote read(String description) {
    String line = description.substring(description.lastIndexOf('\n') + 1);
    if (!line.startsWith(PREFIX)) {
      return NONE;
    }
    if (!(JsonText.parse(line.substring(PREFIX.length())) instanceof JsonNode.Obj note)) {
      return NONE;
    }
    boolean isClosed = note.last("closed") instanceof JsonNode.Bool closed && closed.value();
    return new ColumnNote(textOf(note.last("key")), textOf(note.last("keySha256")), isClosed);
  }

  private static String textOf(JsonNode node) {
    return node instanceof JsonNode.Text text ? text.value() : null;
  }
}
