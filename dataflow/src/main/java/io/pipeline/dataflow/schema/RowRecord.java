package io.pipeline.dataflow.schema;

/**
 * The values of the event columns of one row (or RECORD), in the form of the append's proto.
 *
 * <p>{@code value(i)} belongs to {@code record().column(i)}, and is null if the row has none. By
 * type: BOOL Boolean · INT64 Long · FLOAT64 Double · NUMERIC, BIGNUMERIC plain digits as String ·
 * STRING String · JSON compact JSON text as String · DATE Integer, days since 1970-01-01 ·
 * TIMESTAMP Long, microseconds since 1970-01-01T00:00:00Z · DATETIME Long, packed civil
 * microseconds · RECORD RowRecord · REPEATED Object[] of these, without nulls.
 *
 * <p>A record with few values of many columns is kept sparse, so that an array of 100,000 elements
 * of a wide record needs memory for its values only.
 */
public final class RowRecord {
  /** Records with fewer columns are always dense. */
  private static final int MIN_SPARSE_COLUMNS = 32;

  private static final int MAX_SPARSE_VALUES = 8;

  private final CompiledRecord record;

  /** By column index; null if sparse. */
  private final Object[] dense;

  private short[] sparseIndexes;
  private Object[] sparseValues;
  private int sparseCount;

  /** {@code mostValues} bounds the number of values that will be set. */
  RowRecord(CompiledRecord record, int mostValues) {
    this.record = record;
    boolean isSparse = record.size() > MIN_SPARSE_COLUMNS && mostValues <= MAX_SPARSE_VALUES;
    this.dense = isSparse ? null : new Object[record.size()];
    if (isSparse) {
      sparseIndexes = new short[mostValues];
      sparseValues = new Object[mostValues];
    }
  }

  public CompiledRecord record() {
    return record;
  }

  public Object value(int index) {
    if (dense != null) {
      return dense[index];
    }
    for (int i = 0; i < sparseCount; i++) {
      if (sparseIndexes[i] == index) {
        return sparseValues[i];
      }
    }
    return null;
  }

  /** Each column has at most one value. */
  void set(int index, Object value) {
    if (dense != null) {
      dense[index] = value;
      return;
    }
    sparseIndexes[sparseCount] = (short) index;
    sparseValues[sparseCount++] = value;
  }

  /** Number of slots to visit with {@link #indexAt}, which may be empty in a dense record. */
  public int slots() {
    return dense == null ? sparseCount : dense.length;
  }

  /** Returns the column index of a slot. */
  public int indexAt(int slot) {
    return dense == null ? sparseIndexes[slot] : slot;
  }

  /** Returns the value of a slot, or null. */
  public Object valueAt(int slot) {
    return dense == null ? sparseValues[slot] : dense[slot];
  }

  boolean isEmpty() {
    for (int slot = 0; slot < slots(); slot++) {
      if (valueAt(slot) != null) {
        return false;
      }
    }
    return true;
  }
}
