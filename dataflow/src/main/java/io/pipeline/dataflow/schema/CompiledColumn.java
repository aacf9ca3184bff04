package io.pipeline.dataflow.schema;

/** One column, prepared for comparison with values. */
public final class CompiledColumn {
  final String name;
  final ColumnNote note;

  /** The event key, or its SHA-256 if only that is known. */
  final String key;

  final ColumnType type;

  /** Null for a type without parameters. */
  final TypeParameters parameters;

  final boolean isRepeated;

  /**
   * False inside a REPEATED RECORD and for a REPEATED column: BigQuery cannot widen those in place.
   */
  final boolean canWiden;

  /** The verb for a wider type. */
  final ChangeVerb typeChanges;

  /** Index among the columns of its record and among the values of a {@link RowRecord}. */
  final int index;

  /** The children of a RECORD, else null. */
  final CompiledRecord record;

  /** True if its record returns this column for its key. */
  boolean isFoundByKey;

  private final boolean isRequired;
  private final int fieldNumber;

  CompiledColumn(
      String name,
      ColumnNote note,
      ColumnType type,
      TypeParameters parameters,
      ColumnMode mode,
      boolean canWiden,
      ChangeVerb typeChanges,
      int index,
      int fieldNumber,
      CompiledRecord record) {
    this.name = name;
    this.note = note;
    this.key = note.key() != null ? note.key() : note.keySha256() != null ? note.keySha256() : name;
    this.type = type;
    this.parameters = parameters;
    this.isRepeated = mode == ColumnMode.REPEATED;
    this.isRequired = mode == ColumnMode.REQUIRED;
    this.canWiden = canWiden && parameters == null;
    this.typeChanges = typeChanges;
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

  public CompiledRecord record() {
    return record;
  }

  /**
   * Returns the field number in the append's proto: the position in the table (or RECORD), from 1,
   * all columns counted, as in {@code BQTableSchemaToProtoDescriptor}.
   */
  public int fieldNumber() {
    return fieldNumber;
  }
}
