package io.pipeline.dataflow.schema;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The children of the table or of a RECORD during planning: existing and requested ones. */
final class DraftRecord {
  final List<DraftColumn> columns = new ArrayList<>();
  final Map<String, Shape> wanted = new LinkedHashMap<>();
  final List<String> path;
  final boolean isClosed;
  final ChangeVerb newColumns;
  private final Map<String, DraftColumn> byKey = new HashMap<>();
  private final Map<String, DraftColumn> byKeySha256 = new HashMap<>();
  private final Set<String> taken = new HashSet<>();

  static final class DraftColumn {
    final String name;
    final String description;
    final DraftRecord record;
    final boolean canWiden;
    final ChangeVerb typeChanges;
    final TypeParameters parameters;
    ColumnType type;
    ColumnMode mode;

    private DraftColumn(Column column, List<String> path, Context above) {
      this.name = column.name();
      this.description = column.description();
      this.parameters = column.parameters();
      this.canWiden = above.canWiden && column.mode() != ColumnMode.REPEATED && parameters == null;
      this.type = column.type();
      this.mode = column.mode();
      ColumnNote note = ColumnNote.read(description);
      this.typeChanges = note.typeChanges() == null ? above.typeChanges : note.typeChanges();
      ChangeVerb newColumns = note.newColumns() == null ? above.newColumns : note.newColumns();
      Context inner = new Context(canWiden, note.isClosed(), newColumns, typeChanges);
      this.record =
          type == ColumnType.RECORD ? new DraftRecord(column.columns(), path, inner) : null;
    }
  }

  /** The decisions of a record for its children. */
  private record Context(
      boolean canWiden, boolean isClosed, ChangeVerb newColumns, ChangeVerb typeChanges) {}

  private DraftRecord(List<Column> columns, List<String> path, Context context) {
    this.path = path;
    this.isClosed = context.isClosed;
    this.newColumns = context.newColumns;
    boolean isTable = path.isEmpty();
    for (Column column : columns) {
      DraftColumn draft = new DraftColumn(column, pathOf(column.name()), context);
      this.columns.add(draft);
      taken.add(Ascii.lower(column.name()));
      if (!isTable || PipelineColumn.named(column.name()) == null) {
        index(draft);
      }
    }
    if (isTable) {
      for (PipelineColumn column : PipelineColumn.values()) {
        taken.add(column.columnName());
      }
    }
  }

  static DraftRecord ofTable(TableSchema schema) {
    Context context = new Context(true, false, schema.newColumns(), schema.typeChanges());
    return new DraftRecord(schema.columns(), List.of(), context);
  }

  static DraftRecord empty(List<String> path) {
    Context context = new Context(false, false, ChangeVerb.EVOLVE, ChangeVerb.EVOLVE);
    return new DraftRecord(List.of(), path, context);
  }

  private void index(DraftColumn column) {
    ColumnNote note = ColumnNote.read(column.description);
    if (note.isRetired()) {
      return;
    }
    if (note.key() == null && note.keySha256() != null) {
      byKeySha256.putIfAbsent(note.keySha256(), column);
      return;
    }
    String key = note.key() == null ? column.name : note.key();
    DraftColumn present = byKey.get(key);
    boolean isFirstNoted =
        note.key() != null && present != null && ColumnNote.read(present.description).key() == null;
    if (present == null || isFirstNoted) {
      byKey.put(key, column);
    }
  }

  DraftColumn columnOfKey(String key) {
    DraftColumn column = byKey.get(key);
    return column != null || byKeySha256.isEmpty() ? column : byKeySha256.get(Sha256.hex(key));
  }

  void relax(String name) {
    for (DraftColumn column : columns) {
      if (column.name.equals(name)) {
        if (column.mode == ColumnMode.REQUIRED) {
          column.mode = ColumnMode.NULLABLE;
        }
        return;
      }
    }
  }

  /**
   * Reserves the names of new keys: first those that are their own names, in order, then the
   * others.
   */
  Map<String, String> takeNames(List<String> keys) {
    Map<String, String> names = new HashMap<>();
    for (String key : keys) {
      if (ColumnNames.isOwnName(key) && !taken.contains(Ascii.lower(key))) {
        names.put(key, takeName(key));
      }
    }
    for (String key : keys) {
      if (!names.containsKey(key)) {
        names.put(key, takeName(key));
      }
    }
    return names;
  }

  private String takeName(String key) {
    String name = ColumnNames.of(key, taken::contains);
    taken.add(Ascii.lower(name));
    return name;
  }

  List<String> pathOf(String name) {
    List<String> longer = new ArrayList<>(path);
    longer.add(name);
    return longer;
  }
}
