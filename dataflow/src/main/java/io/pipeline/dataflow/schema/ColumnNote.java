package io.pipeline.dataflow.schema;

import io.pipeline.dataflow.json.JsonNode;
import io.pipeline.dataflow.json.JsonText;

/**
 * The pipeline's note about a column: {@code pipeline:} and a JSON object on the last line of its
 * description.
 *
 * @param key the event key if it differs from the column's name, else null
 * @param keySha256 SHA-256 of the key as 64 hex digits if the key itself does not fit, else null
 * @param isClosed true if the RECORD accepts no more children
 */
record ColumnNote(String key, String keySha256, boolean isClosed) {
  static final ColumnNote NONE = new ColumnNote(null, null, false);
  static final String PREFIX = "pipeline:";

  /** Returns an empty note for any text that is not exactly a note; that text belongs to people. */
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
