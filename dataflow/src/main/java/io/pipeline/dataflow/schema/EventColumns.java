package io.pipeline.dataflow.schema;

import io.pipeline.dataflow.json.JsonNode;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The leaf columns that one event may use: the first {@code maxNewColumns} in the order of its
 * keys, at every depth.
 *
 * <p>Columns that the table has are counted too, so that fitting an event again after its plan
 * gives the same answer. A field of an array of records is one column. Keys that never get a column
 * are not counted: those of a full record, and those with a value that no column holds.
 */
final class EventColumns {
  /** A key of the event, with the keys of the record below it. */
  private static final class KeyNode {
    final Map<String, KeyNode> children = new HashMap<>();
    int newChildren;
    int newDataKeys;
    boolean isLeaf;

    KeyNode child(String name) {
      return children.computeIfAbsent(name, unused -> new KeyNode());
    }
  }

  private final KeyNode root = new KeyNode();
  private final Limits limits;
  private final InferShape inference;
  private int left;

  private EventColumns(Limits limits, InferShape inference) {
    this.limits = limits;
    this.inference = inference;
    this.left = limits.maxNewColumns();
  }

  /** Returns null if the event is too small to reach the limit. */
  static EventColumns of(JsonNode.Obj event, CompiledSchema schema, InferShape inference) {
    Limits limits = schema.limits();
    if (scalarsLeft(event, limits.maxNewColumns()) >= 0) {
      return null;
    }
    EventColumns columns = new EventColumns(limits, inference);
    columns.countMembers(event, schema.root(), null, columns.root, 0);
    return columns;
  }

  /** Returns the part of the candidate at {@code place} that is within the limit, or null. */
  Shape admitted(Shape shape, Place place) {
    KeyNode key = keyAt(place);
    return key == null ? null : admittedPart(shape, key);
  }

  private KeyNode keyAt(Place place) {
    KeyNode key = root;
    for (String step : place.path()) {
      key = key.children.get(step);
      if (key == null) {
        return null;
      }
    }
    return key;
  }

  /** Unusable parts stay: they are no columns, but they affect the other elements of an array. */
  private static Shape admittedPart(Shape shape, KeyNode key) {
    if (shape.fields() == null) {
      return shape;
    }
    Map<String, Shape> fields = new LinkedHashMap<>();
    shape
        .fields()
        .forEach(
            (name, field) -> {
              KeyNode child = key.children.get(name);
              Shape part = child == null ? null : admittedPart(field, child);
              if (part != null || !field.isUsable()) {
                fields.put(name, part == null ? field : part);
              }
            });
    return fields.isEmpty() ? null : Shape.record(shape.isRepeated(), fields);
  }

  /**
   * Either {@code record} or, for a record that the table does not have, {@code candidates} is not
   * null; {@code depth} is its RECORD level, 0 for the table.
   */
  private void countMembers(
      JsonNode.Obj object,
      CompiledRecord record,
      Map<String, Shape> candidates,
      KeyNode above,
      int depth) {
    for (int i = 0; i < object.size() && left > 0; i++) {
      JsonNode value = object.value(i);
      if (!value.hasScalar()) {
        continue;
      }
      String name = object.key(i);
      CompiledColumn column = record == null ? null : record.columnOfKey(name);
      if (column != null) {
        countKnown(value, column, above.child(name), depth + 1);
        continue;
      }
      Shape shape =
          record == null
              ? candidates.get(name)
              : Shape.usablePart(inference.infer(value, depth + 1));
      if (shape != null && takesChild(above, name, record, depth)) {
        countNew(value, shape, above.child(name), depth + 1);
      }
    }
  }

  private boolean takesChild(KeyNode above, String name, CompiledRecord record, int depth) {
    if (above.children.containsKey(name)) {
      return true;
    }
    if (depth > 0 && isFull(record, above)) {
      return false;
    }
    above.newChildren++;
    above.newDataKeys += DataKeys.isDataChild(name) ? 1 : 0;
    return true;
  }

  private void countNew(JsonNode value, Shape shape, KeyNode key, int depth) {
    if (shape.fields() == null) {
      countLeaf(key);
    } else {
      countRecords(value, null, shape.fields(), key, depth);
    }
  }

  private void countKnown(JsonNode value, CompiledColumn column, KeyNode key, int depth) {
    JsonNode.Kind kind = column.isRepeated ? JsonNode.Kind.ARRAY : JsonNode.Kind.OBJECT;
    if (column.record != null && value.kind() == kind) {
      countRecords(value, column.record, null, key, depth);
    } else {
      countLeaf(key);
    }
  }

  /** Counts one record, or those of an array. */
  private void countRecords(
      JsonNode value,
      CompiledRecord record,
      Map<String, Shape> candidates,
      KeyNode key,
      int depth) {
    if (value instanceof JsonNode.Obj object) {
      countMembers(object, record, candidates, key, depth);
    } else if (value instanceof JsonNode.Array array) {
      for (int i = 0; i < array.size(); i++) {
        if (array.get(i) instanceof JsonNode.Obj object) {
          countMembers(object, record, candidates, key, depth);
        }
      }
    }
  }

  private void countLeaf(KeyNode key) {
    if (!key.isLeaf) {
      left--;
    }
    key.isLeaf = true;
  }

  private boolean isFull(CompiledRecord record, KeyNode key) {
    if (record != null && record.isClosed) {
      return true;
    }
    int children = (record == null ? 0 : record.size()) + key.newChildren;
    int dataKeys = (record == null ? 0 : record.dataChildCount) + key.newDataKeys;
    return children >= limits.maxRecordChildren() || DataKeys.areDataChildren(children, dataKeys);
  }

  /**
   * Returns {@code left} less the scalars of a value, or a negative number as soon as there are
   * more.
   */
  private static int scalarsLeft(JsonNode node, int left) {
    if (!node.hasScalar()) {
      return left;
    }
    int rest = left;
    if (node instanceof JsonNode.Obj object) {
      for (int i = 0; i < object.size() && rest >= 0; i++) {
        rest = scalarsLeft(object.value(i), rest);
      }
    } else if (node instanceof JsonNode.Array array) {
      for (int i = 0; i < array.size() && rest >= 0; i++) {
        rest = scalarsLeft(array.get(i), rest);
      }
    } else {
      rest--;
    }
    return rest;
  }
}
