package io.pipeline.dataflow.schema;

/** One column, ready to be compared with values. */
public final class CompiledColumn {
  final String key;
  final String name;
  final ColumnType type;
  final boolean isRepeated;
  final boolean isRequired;

  /**
   * False inside a REPEATED RECORD and for a REPEATED column: BigQuery cannot widen those in place.
   */
  final boolean canWiden;

  /** The children of a RECORD, else null. */
  final CompiledRecord record;

  /** Its place among the columns of its record, and among the values of a {@link RowRecord}. */
  final int index;

  final int fieldNumber;

  CompiledColumn(
      Column column,
      String key,
      int index,
      int fieldNumber,
      boolean canWiden,
      CompiledRecord record) {
    this.key = key;
    this.name = column.name();
    this.type = column.type();
    this.isRepeated = column.mode() == ColumnMode.REPEATED;
    this.isRequired = column.mode() == ColumnMode.REQUIRED;
    this.canWiden = canWiden;
    this.record = record;
    this.index = index;
    this.fieldNumber = fieldNumber;
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
