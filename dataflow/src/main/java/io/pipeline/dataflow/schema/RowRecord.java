package io.pipeline.dataflow.schema;

/**
 * The values of the event columns of one row (or RECORD), in the form of the append's proto.
 *
 * <p>{@code value(i)} belongs to {@code record().column(i)}, and is null if the row has none. By
 * type: BOOL Boolean · INT64 Long · FLOAT64 Double · NUMERIC, BIGNUMERIC plain digits as String ·
 * STRING String · JSON compact JSON text as String · DATE Integer, days since 1970-01-01 ·
 * TIMESTAMP Long, microseconds since 1970-01-01T00:00:00Z · DATETIME Long, packed civil
 * microseconds · RECORD RowRecord · REPEATED Object[] of these, without nulls.
 */
public final class RowRecord {
  private final CompiledRecord record;
  final Object[] values;

  RowRecord(CompiledRecord record) {
    this.record = record;
    this.values = new Object[record.size()];
  }

  public CompiledRecord record() {
    return record;
  }

  public Object value(int index) {
    return values[index];
  }

  boolean isEmpty() {
    for (Object value : values) {
      if (value != null) {
        return false;
      }
    }
    return true;
  }
}
