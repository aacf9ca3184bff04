package io.pipeline.dataflow.schema;

import io.pipeline.dataflow.json.JsonWriter;
import java.util.ArrayList;
import java.util.List;

/**
 * Writes notes into descriptions: people's text is never cut, and a key that does not fit is
 * recorded by its hash.
 */
final class Descriptions {
  private static final int MAX_LENGTH = 1_024;

  private Descriptions() {}

  static String write(String text, ColumnNote note) {
    String line = line(note);
    if (line.isEmpty()) {
      return text;
    }
    if (join(text, line).length() <= MAX_LENGTH) {
      return join(text, line);
    }
    String hashed =
        note.key() == null
            ? line
            : line(
                new ColumnNote(
                    null,
                    Sha256.hex(note.key()),
                    note.isClosed(),
                    note.isRetired(),
                    note.takesNumbersAsText(),
                    note.newColumns(),
                    note.typeChanges()));
    return join(text, hashed).length() <= MAX_LENGTH ? join(text, hashed) : text;
  }

  /** Returns the part that people wrote. */
  static String peopleText(String description) {
    if (ColumnNote.read(description).equals(ColumnNote.NONE)) {
      return description;
    }
    int lineAt = description.lastIndexOf('\n');
    return lineAt < 0 ? "" : description.substring(0, lineAt);
  }

  private static String line(ColumnNote note) {
    List<String> fields = new ArrayList<>();
    if (note.key() != null) {
      fields.add("\"key\":" + escaped(note.key()));
    }
    if (note.keySha256() != null) {
      fields.add("\"keySha256\":" + escaped(note.keySha256()));
    }
    if (note.isClosed()) {
      fields.add("\"closed\":true");
    }
    if (note.isRetired()) {
      fields.add("\"retired\":true");
    }
    if (note.takesNumbersAsText()) {
      fields.add("\"numbersAsText\":true");
    }
    if (note.newColumns() != null) {
      fields.add("\"newColumns\":\"" + note.newColumns().text() + "\"");
    }
    if (note.typeChanges() != null) {
      fields.add("\"typeChanges\":\"" + note.typeChanges().text() + "\"");
    }
    return fields.isEmpty() ? "" : ColumnNote.PREFIX + "{" + String.join(",", fields) + "}";
  }

  /** Jackson writes upper-case hex digits; notes have lower-case ones. */
  private static String escaped(String key) {
    StringBuilder text = new StringBuilder(JsonWriter.quote(key));
    for (int at = 0; at < text.length(); at++) {
      if (text.charAt(at) == '\\') {
        at++;
        if (text.charAt(at) == 'u') {
          text.replace(at + 1, at + 5, Ascii.lower(text.substring(at + 1, at + 5)));
        }
      }
    }
    return text.toString();
  }

  private static String join(String text, String line) {
    return text.isEmpty() ? line : text + "\n" + line;
  }
}
