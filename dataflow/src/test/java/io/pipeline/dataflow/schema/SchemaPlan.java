package io.pipeline.dataflow.schema;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Plans the pending changes of many events. The vectors state pending changes as such a plan.
 *
 * <p>The job itself never alters a table.
 */
final class SchemaPlan {
  private final Limits limits;
  private final TableSchema before;
  private final DraftRecord root;
  private final List<PlannedChange> patches = new ArrayList<>();
  private final List<PlannedChange> widenings = new ArrayList<>();
  private final boolean isClosed;
  private int leafCount;

  private SchemaPlan(TableSchema before, Limits limits) {
    this.limits = limits;
    this.before = before;
    this.leafCount = CompiledSchema.countLeaves(before.columns());
    this.isClosed = before.closed() || leafCount >= limits.maxLeafColumns();
    this.root = DraftRecord.ofTable(before);
  }

  /** The changes, patches first, and the resulting table. */
  record Result(List<PlannedChange> changes, TableSchema schema) {}

  static Result of(TableSchema schema, List<List<SchemaChange>> pending) {
    SchemaPlan plan = new SchemaPlan(schema, Limits.DEFAULT);
    pending.forEach(changes -> changes.forEach(plan::request));
    return plan.finish();
  }

  private void request(SchemaChange change) {
    if (change instanceof SchemaChange.Relax relax) {
      DraftRecord record = recordAt(relax.path());
      if (record != null) {
        record.relax(relax.name());
      }
      return;
    }
    int last = change.path().size() - 1;
    DraftRecord record = recordAt(change.path().subList(0, last));
    if (record == null || isClosed) {
      return;
    }
    String key = change.path().get(last);
    if (change instanceof SchemaChange.Add add) {
      merge(record, key, add.shape(), true);
    } else if (change instanceof SchemaChange.Widen widen) {
      merge(record, key, Shape.scalar(widen.to(), false), false);
    }
  }

  private DraftRecord recordAt(List<String> path) {
    DraftRecord record = root;
    for (String key : path) {
      DraftRecord.DraftColumn column = record == null ? null : record.columnOfKey(key);
      record = column == null ? null : column.record;
    }
    return record;
  }

  /** An existing column only widens or gains children. */
  private void merge(DraftRecord record, String key, Shape shape, boolean mayAdd) {
    DraftRecord.DraftColumn column = record.columnOfKey(key);
    if (column == null) {
      if (mayAdd && record.newColumns == ChangeVerb.EVOLVE) {
        record.wanted.merge(key, shape, JoinShapes::ofValues);
      }
      return;
    }
    if (shape.isRepeated() != (column.mode == ColumnMode.REPEATED)) {
      return;
    }
    if (shape.type() == ColumnType.RECORD) {
      if (column.record != null) {
        shape.fields().forEach((child, field) -> merge(column.record, child, field, mayAdd));
      }
    } else if (column.canWiden
        && column.typeChanges == ChangeVerb.EVOLVE
        && column.type.isWidening()
        && shape.type().isWidening()) {
      column.type = JoinShapes.wider(column.type, shape.type());
    }
  }

  private Result finish() {
    int leavesBefore = leafCount;
    List<Column> columns = finishRecord(root, before.columns());
    boolean isFull = leafCount > leavesBefore && leafCount >= limits.maxLeafColumns();
    if (isFull && !before.closed()) {
      patches.add(PlannedChange.patch("CLOSE_TABLE", List.of()));
    }
    List<PlannedChange> changes = new ArrayList<>(patches);
    changes.addAll(widenings);
    TableSchema after =
        new TableSchema(
            columns,
            before.closed() || isFull,
            before.newTables(),
            before.newColumns(),
            before.typeChanges());
    return new Result(changes, after);
  }

  private List<Column> finishRecord(DraftRecord record, List<Column> old) {
    List<Column> columns = new ArrayList<>();
    for (int i = 0; i < old.size(); i++) {
      columns.add(finishColumn(record.columns.get(i), old.get(i), record));
    }
    boolean isTable = record.path.isEmpty();
    List<Map.Entry<String, Shape>> addable = addable(record.wanted, isTable);
    Map<String, String> names = record.takeNames(addable.stream().map(Map.Entry::getKey).toList());
    for (Map.Entry<String, Shape> wanted : addable) {
      if (!isTable && (record.isClosed || isFull(columns))) {
        break;
      }
      Column column = newColumn(record, wanted.getKey(), wanted.getValue(), names);
      if (column != null) {
        columns.add(column);
        patches.add(PlannedChange.add(record.pathOf(column.name()), column));
      }
    }
    return columns;
  }

  private Column finishColumn(DraftRecord.DraftColumn column, Column old, DraftRecord parent) {
    List<String> path = parent.pathOf(column.name);
    if (column.mode != old.mode()) {
      patches.add(PlannedChange.patch("RELAX", path));
    }
    if (column.type != old.type()) {
      widenings.add(PlannedChange.widen(path, old.type(), column.type));
    }
    if (column.record == null) {
      return new Column(
          column.name, column.type, column.mode, column.description, List.of(), column.parameters);
    }
    List<Column> children = finishRecord(column.record, old.columns());
    String description =
        children.size() == old.columns().size()
            ? column.description
            : closeIfFull(column, path, children);
    return new Column(column.name, column.type, column.mode, description, children);
  }

  private String closeIfFull(
      DraftRecord.DraftColumn column, List<String> path, List<Column> children) {
    if (!isFull(children)) {
      return column.description;
    }
    ColumnNote note = ColumnNote.read(column.description);
    String closed =
        Descriptions.write(Descriptions.peopleText(column.description), note.asClosed());
    if (!ColumnNote.read(closed).isClosed()) {
      return column.description;
    }
    if (!closed.equals(column.description)) {
      patches.add(PlannedChange.patch("CLOSE_RECORD", path));
    }
    return closed;
  }

  private List<Map.Entry<String, Shape>> addable(Map<String, Shape> wanted, boolean isTable) {
    int most = isTable ? limits.maxLeafColumns() : limits.maxRecordChildren();
    return wanted.entrySet().stream().limit(most).toList();
  }

  private Column newColumn(
      DraftRecord record, String key, Shape shape, Map<String, String> reserved) {
    if (leafCount >= limits.maxLeafColumns()) {
      return null;
    }
    ColumnMode mode = shape.isRepeated() ? ColumnMode.REPEATED : ColumnMode.NULLABLE;
    String name = reserved.get(key);
    String noted = name.equals(key) ? null : key;
    if (shape.type() != ColumnType.RECORD) {
      leafCount++;
      String description = Descriptions.write("", ColumnNote.ofKey(noted, false));
      return new Column(name, shape.type(), mode, description, List.of());
    }
    DraftRecord children = DraftRecord.empty(record.pathOf(name));
    List<Column> columns = new ArrayList<>();
    List<Map.Entry<String, Shape>> addable = addable(shape.fields(), false);
    Map<String, String> names =
        children.takeNames(addable.stream().map(Map.Entry::getKey).toList());
    for (Map.Entry<String, Shape> field : addable) {
      if (isFull(columns)) {
        break;
      }
      Column column = newColumn(children, field.getKey(), field.getValue(), names);
      if (column != null) {
        columns.add(column);
      }
    }
    String description = Descriptions.write("", ColumnNote.ofKey(noted, isFull(columns)));
    return new Column(name, ColumnType.RECORD, mode, description, columns);
  }

  private boolean isFull(List<Column> children) {
    return children.size() >= limits.maxRecordChildren()
        || DataKeys.areDataChildren(children.size(), DataKeys.countDataChildren(children));
  }
}
