package io.pipeline.dataflow.schema;

import java.util.Map;
import org.checkerframework.checker.nullness.qual.Nullable;

/** The children of the table or of a RECORD by event key, without the pipeline's own columns. */
public final class CompiledRecord {
  private final CompiledColumn[] columns;
  private final Map<String, CompiledColumn> byKey;

  /** Columns of which only the SHA-256 of the key is known; null if there are none. */
  private final Map<String, CompiledColumn> byKeySha256;

  /** REQUIRED children, which every row must have. */
  final CompiledColumn[] required;

  /** Accepts no new children: closed by its description, or full. */
  final boolean isClosed;

  /** The verb for new children. */
  final ChangeVerb newColumns;

  /** Made when the first event is compared; immutable, so that threads may make it twice. */
  private @Nullable MemberLayout layout;

  /** RECORD level: 0 for the table itself. */
  final int depth;

  /** Children whose keys are data; 0 for the table itself. */
  final int dataChildCount;

  CompiledRecord(
      CompiledColumn[] columns,
      Map<String, CompiledColumn> byKey,
      Map<String, CompiledColumn> byKeySha256,
      CompiledColumn[] required,
      int dataChildCount,
      boolean isClosed,
      ChangeVerb newColumns,
      int depth) {
    this.columns = columns;
    this.byKey = byKey;
    this.byKeySha256 = byKeySha256;
    this.required = required;
    this.dataChildCount = dataChildCount;
    this.isClosed = isClosed;
    this.newColumns = newColumns;
    this.depth = depth;
    byKey.values().forEach(column -> column.isFoundByKey = true);
  }

  MemberLayout layout() {
    MemberLayout known = layout;
    if (known == null) {
      known = new MemberLayout(this);
      layout = known;
    }
    return known;
  }

  public int size() {
    return columns.length;
  }

  public CompiledColumn column(int index) {
    return columns[index];
  }

  /** Returns the column of an event key, or null. */
  CompiledColumn columnOfKey(String key) {
    CompiledColumn column = byKey.get(key);
    if (column != null || byKeySha256 == null) {
      return column;
    }
    return byKeySha256.get(Sha256.hex(key));
  }

  /** Returns the index of the column that has the key itself, or −1. */
  int indexOfKey(String key) {
    CompiledColumn column = byKey.get(key);
    return column == null ? -1 : column.index;
  }

  /**
   * Returns the column of an event key, or null. Tries the index {@code guess} first: most events
   * have their keys in the order of the columns.
   */
  CompiledColumn columnOfKey(String key, int guess) {
    if (guess < columns.length) {
      CompiledColumn column = columns[guess];
      if (column.isFoundByKey && column.key.equals(key)) {
        return column;
      }
    }
    return columnOfKey(key);
  }
}
