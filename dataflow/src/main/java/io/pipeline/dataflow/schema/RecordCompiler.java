package io.pipeline.dataflow.schema;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Compiles existing columns and candidates for {@link Fitter}. */
final class RecordCompiler {
  private static final CompiledColumn[] NO_COLUMNS = {};

  private final Limits limits;

  RecordCompiler(Limits limits) {
    this.limits = limits;
  }

  /**
   * The decisions of the record around a column.
   *
   * @param depth the RECORD level
   * @param newColumns the verb for new children
   * @param typeChanges the verb for wider types
   */
  record Context(int depth, boolean canWiden, ChangeVerb newColumns, ChangeVerb typeChanges) {}

  CompiledColumn compileColumn(Column column, int index, int fieldNumber, Context above) {
    ColumnNote note = ColumnNote.read(column.description());
    boolean canWiden = above.canWiden && column.mode() != ColumnMode.REPEATED;
    ChangeVerb newColumns = note.newColumns() == null ? above.newColumns : note.newColumns();
    ChangeVerb typeChanges = note.typeChanges() == null ? above.typeChanges : note.typeChanges();
    int depth = above.depth + 1;
    CompiledRecord record = null;
    if (column.type() == ColumnType.RECORD) {
      List<CompiledColumn> children = new ArrayList<>();
      Context inner = new Context(depth, canWiden, newColumns, typeChanges);
      for (Column child : column.columns()) {
        int place = children.size();
        children.add(compileColumn(child, place, place + 1, inner));
      }
      record = toRecord(children, depth, note.isClosed(), newColumns);
    }
    return new CompiledColumn(
        column.name(),
        note,
        column.type(),
        column.parameters(),
        column.mode(),
        canWiden,
        typeChanges,
        index,
        fieldNumber,
        record);
  }

  /** A recorded key takes precedence over an equal column name. */
  CompiledRecord toRecord(
      List<CompiledColumn> columns, int depth, boolean isClosed, ChangeVerb newColumns) {
    Map<String, CompiledColumn> byKey = new HashMap<>();
    Map<String, CompiledColumn> byKeySha256 = new HashMap<>();
    List<CompiledColumn> required = new ArrayList<>();
    for (CompiledColumn column : columns) {
      if (column.isRequired()) {
        required.add(column);
      }
      if (column.note.isRetired()) {
        continue;
      }
      if (column.note.key() != null) {
        byKey.putIfAbsent(column.key, column);
      } else if (column.note.keySha256() != null) {
        byKeySha256.putIfAbsent(column.key, column);
      }
    }
    for (CompiledColumn column : columns) {
      ColumnNote note = column.note;
      if (!note.isRetired() && note.key() == null && note.keySha256() == null) {
        byKey.putIfAbsent(column.key, column);
      }
    }
    int dataChildCount = depth == 0 ? 0 : countDataChildren(columns);
    boolean isFull = depth > 0 && isFull(columns.size(), dataChildCount);
    return new CompiledRecord(
        columns.toArray(NO_COLUMNS),
        byKey,
        byKeySha256.isEmpty() ? null : byKeySha256,
        required.toArray(NO_COLUMNS),
        dataChildCount,
        isClosed || isFull,
        newColumns,
        depth);
  }

  /** Compiles a candidate, so that a value is compared with a future column by the same rules. */
  CompiledColumn compileShape(String key, Shape shape, int index, int depth) {
    CompiledRecord record = null;
    if (shape.type() == ColumnType.RECORD) {
      List<CompiledColumn> children = new ArrayList<>();
      int dataChildCount = 0;
      for (Map.Entry<String, Shape> field : shape.fields().entrySet()) {
        if (isFull(children.size(), dataChildCount)) {
          break;
        }
        children.add(compileShape(field.getKey(), field.getValue(), children.size(), depth + 1));
        dataChildCount += DataKeys.isDataChild(field.getKey()) ? 1 : 0;
      }
      Map<String, CompiledColumn> byKey = new HashMap<>();
      children.forEach(child -> byKey.put(child.key, child));
      boolean isClosed = shape.fields().size() > children.size();
      record =
          new CompiledRecord(
              children.toArray(NO_COLUMNS),
              byKey,
              null,
              NO_COLUMNS,
              dataChildCount,
              isClosed,
              ChangeVerb.EVOLVE,
              depth);
    }
    ColumnMode mode = shape.isRepeated() ? ColumnMode.REPEATED : ColumnMode.NULLABLE;
    return new CompiledColumn(
        key,
        ColumnNote.NONE,
        shape.type(),
        null,
        mode,
        false,
        ChangeVerb.EVOLVE,
        index,
        index + 1,
        record);
  }

  private boolean isFull(int children, int dataKeys) {
    return children >= limits.maxRecordChildren() || DataKeys.areDataChildren(children, dataKeys);
  }

  private static int countDataChildren(List<CompiledColumn> columns) {
    int count = 0;
    for (CompiledColumn column : columns) {
      boolean isKeyKnown = column.note.key() != null || column.note.keySha256() == null;
      count += isKeyKnown && DataKeys.isDataChild(column.key) ? 1 : 0;
    }
    return count;
  }
}
