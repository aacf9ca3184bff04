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
 * @param isRetired true if a retype replaced the column: another column has its key, and this one
 *     is never written
 * @param takesNumbersAsText true for a STRING column that takes numbers as text
 * @param newColumns a contract's verb for new fields of the RECORD and of records in it, else null
 * @param typeChanges a contract's verb for wider types of the column and of its fields, else null
 */
record ColumnNote(
    String key,
    String keySha256,
    boolean isClosed,
    boolean isRetired,
    boolean takesNumbersAsText,
    ChangeVerb newColumns,
    ChangeVerb typeChanges) {
  static final ColumnNote NONE = ofKey(null, false);
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
    return new ColumnNote(
        textOf(note.last("key")),
        textOf(note.last("keySha256")),
        isTrue(note.last("closed")),
        isTrue(note.last("retired")),
        isTrue(note.last("numbersAsText")),
        ChangeVerb.of(textOf(note.last("newColumns"))),
        ChangeVerb.of(textOf(note.last("typeChanges"))));
  }

  /** Returns the note of a new column. */
  static ColumnNote ofKey(String key, boolean isClosed) {
    return new ColumnNote(key, null, isClosed, false, false, null, null);
  }

  /** Returns the note of a RECORD that accepts no more children. */
  ColumnNote asClosed() {
    return new ColumnNote(
        key, keySha256, true, isRetired, takesNumbersAsText, newColumns, typeChanges);
  }

  private static boolean isTrue(JsonNode node) {
    return node instanceof JsonNode.Bool bool && bool.value();
  }

  private static String textOf(JsonNode node) {
    return node instanceof JsonNode.Text text ? text.value() : null;
  }
}
