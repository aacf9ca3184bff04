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

  /** {@code depth} is the RECORD level of the parent. */
  CompiledColumn compileColumn(
      Column column, int index, int fieldNumber, int depth, boolean parentCanWiden) {
    ColumnNote note = ColumnNote.read(column.description());
    boolean canWiden = parentCanWiden && column.mode() != ColumnMode.REPEATED;
    CompiledRecord record = null;
    if (column.type() == ColumnType.RECORD) {
      List<CompiledColumn> children = new ArrayList<>();
      for (Column child : column.columns()) {
        int place = children.size();
        children.add(compileColumn(child, place, place + 1, depth + 1, canWiden));
      }
      record = toRecord(children, depth + 1, note.isClosed());
    }
    return new CompiledColumn(
        column.name(),
        note,
        column.type(),
        column.parameters(),
        column.mode(),
        canWiden,
        index,
        fieldNumber,
        record);
  }

  /** A recorded key takes precedence over an equal column name. */
  CompiledRecord toRecord(List<CompiledColumn> columns, int depth, boolean isClosed) {
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
              depth);
    }
    ColumnMode mode = shape.isRepeated() ? ColumnMode.REPEATED : ColumnMode.NULLABLE;
    return new CompiledColumn(
        key, ColumnNote.NONE, shape.type(), null, mode, false, index, index + 1, record);
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
