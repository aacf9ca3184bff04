package io.pipeline.dataflow.schema;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Joins the changes that one event needs: a hundred thousand elements that lack the same field are
 * one change.
 */
final class PendingChanges {
  private final Map<CompiledRecord, Additions> additions = new LinkedHashMap<>();
  private final Map<CompiledColumn, SchemaChange.Widen> widenings = new LinkedHashMap<>();
  private final Map<CompiledColumn, SchemaChange> relaxations = new LinkedHashMap<>();

  private static final class Additions {
    final Map<String, SchemaChange.Add> byKey = new LinkedHashMap<>();
    int usable;
    int dataKeys;
  }

  /** Counts the new children requested for the record so far. */
  int countNew(CompiledRecord record) {
    Additions ofRecord = additions.get(record);
    return ofRecord == null ? 0 : ofRecord.usable;
  }

  /** Counts those of them whose keys are data. */
  int countNewDataKeys(CompiledRecord record) {
    Additions ofRecord = additions.get(record);
    return ofRecord == null ? 0 : ofRecord.dataKeys;
  }

  boolean isWanted(CompiledRecord record, String key) {
    Additions ofRecord = additions.get(record);
    SchemaChange.Add present = ofRecord == null ? null : ofRecord.byKey.get(key);
    return present != null && present.shape().isUsable();
  }

  /**
   * Adds a candidate for the last key of {@code place}. One that is wholly unusable is not a
   * change, but joins those of other elements.
   */
  void add(CompiledRecord record, Place place, Shape shape) {
    Additions ofRecord = additions.computeIfAbsent(record, absent -> new Additions());
    SchemaChange.Add present = ofRecord.byKey.get(place.key());
    if (shape.isUsable() && (present == null || !present.shape().isUsable())) {
      ofRecord.usable++;
      ofRecord.dataKeys += DataKeys.isDataChild(place.key()) ? 1 : 0;
    }
    ofRecord.byKey.put(
        place.key(),
        present == null
            ? new SchemaChange.Add(place.path(), shape)
            : new SchemaChange.Add(present.path(), JoinShapes.ofElements(present.shape(), shape)));
  }

  void widen(CompiledColumn column, Place place, ColumnType to) {
    SchemaChange.Widen present = widenings.get(column);
    if (present == null) {
      widenings.put(column, new SchemaChange.Widen(place.path(), to));
    } else if (present.to() != to) {
      widenings.put(
          column, new SchemaChange.Widen(present.path(), JoinShapes.wider(present.to(), to)));
    }
  }

  /** {@code place} is the record that contains the column. */
  void relax(CompiledColumn column, Place place) {
    if (!relaxations.containsKey(column)) {
      relaxations.put(column, new SchemaChange.Relax(place.path(), column.name));
    }
  }

  List<SchemaChange> list() {
    List<SchemaChange> changes = new ArrayList<>();
    for (Additions ofRecord : additions.values()) {
      for (SchemaChange.Add add : ofRecord.byKey.values()) {
        Shape usable = Shape.usablePart(add.shape());
        if (usable != null) {
          changes.add(new SchemaChange.Add(add.path(), usable));
        }
      }
    }
    changes.addAll(widenings.values());
    changes.addAll(relaxations.values());
    return List.copyOf(changes);
  }
}
