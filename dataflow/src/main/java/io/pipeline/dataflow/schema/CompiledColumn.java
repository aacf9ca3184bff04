package io.pipeline.dataflow.schema;

/** One column, ready to be compared with values. */
public final class CompiledColumn {
  final String name;
  final ColumnNote note;

  /** The event key; its SHA-256 where only that is known. */
  final String key;

  final ColumnType type;
  final boolean isRepeated;

  /**
   * False inside a REPEATED RECORD and for a REPEATED column: BigQuery cannot widen those in place.
   */
  final boolean canWiden;

  /** Its place among the columns of its record, and among the values of a {@link RowRecord}. */
  final int index;

  /** The children of a RECORD, else null. */
  final CompiledRecord record;

  /** Is it the column that its record gives for its key? */
  boolean isFoundByKey;

  private final boolean isRequired;
  private final int fieldNumber;

  CompiledColumn(
      String name,
      ColumnNote note,
      ColumnType type,
      ColumnMode mode,
      boolean canWiden,
      int index,
      int fieldNumber,
      CompiledRecord record) {
    this.name = name;
    this.note = note;
    this.key = note.key() != null ? note.key() : note.keySha256() != null ? note.keySha256() : name;
    this.type = type;
    this.isRepeated = mode == ColumnMode.REPEATED;
    this.isRequired = mode == ColumnMode.REQUIRED;
    this.canWiden = canWiden;
    this.index = index;
    this.fieldNumber = fieldNumber;
    this.record = record;
  }

  public String name() {
    return name;
  }

  public ColumnType type() {
    return type;
  }

  public boolean isRepeated() {
    return isRepeated;
  }

  public boolean isRequired() {
    return isRequired;
  }

  /** The children of a RECORD; null for any other type. */
  public CompiledRecord record() {
    return record;
  }

  /**
   * Its number in the append's proto: the place in the table (or RECORD), from 1, all columns
   * counted, as {@code BQTableSchemaToProtoDescriptor} gives them.
   */
  public int fieldNumber() {
    return fieldNumber;
  }
}
