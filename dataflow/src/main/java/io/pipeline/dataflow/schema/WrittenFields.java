package io.pipeline.dataflow.schema;

import io.pipeline.dataflow.json.EventMatch;

/**
 * The event columns of a row as fields of the append's proto, made by {@link RowMatch}. They are
 * equal to those that an encoder writes for the row of the parsed event.
 */
public final class WrittenFields implements EventMatch {
  private final CompiledSchema compiled;
  private final byte[] fields;

  WrittenFields(CompiledSchema compiled, byte[] fields) {
    this.compiled = compiled;
    this.fields = fields;
  }

  /** Returns the schema that the event fits. */
  CompiledSchema compiled() {
    return compiled;
  }

  public int size() {
    return fields.length;
  }

  /** Copies the fields to an offset of another array. */
  public void copyTo(byte[] target, int offset) {
    System.arraycopy(fields, 0, target, offset, fields.length);
  }
}
