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
 * gives the same answer. A field of an array of records is one column. New children of a full
 * record are not counted, because they never get a column.
 */
final class EventColumns {
  /** A key of the event, with the keys of the record below it. */
  private static final class KeyNode {
    final Map<String, KeyNode> children = new HashMap<>();
    int newChildren;
    int newDataKeys;
    boolean isLeaf;
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
    columns.countMembers(event, schema.root(), columns.root, 0);
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
              if (part != null) {
                fields.put(name, part);
              }
            });
    return fields.isEmpty() ? null : Shape.record(shape.isRepeated(), fields);
  }

  /**
   * {@code record} is null for a record that the table does not have; {@code depth} is its RECORD
   * level, 0 for the table.
   */
  private void countMembers(JsonNode.Obj object, CompiledRecord record, KeyNode above, int depth) {
    for (int i = 0; i < object.size() && left > 0; i++) {
      JsonNode value = object.value(i);
      if (!value.hasScalar()) {
        continue;
      }
      String name = object.key(i);
      CompiledColumn column = record == null ? null : record.columnOfKey(name);
      KeyNode key = above.children.get(name);
      if (key == null) {
        if (column == null && depth > 0 && isFull(record, above)) {
          continue;
        }
        key = new KeyNode();
        above.children.put(name, key);
        if (column == null) {
          above.newChildren++;
          above.newDataKeys += DataKeys.isDataChild(name) ? 1 : 0;
        }
      }
      if (column == null) {
        countNew(value, key, depth + 1);
      } else {
        countKnown(value, column, key, depth + 1);
      }
    }
  }

  private void countNew(JsonNode value, KeyNode key, int depth) {
    if (value instanceof JsonNode.Obj object && !inference.isJsonObject(object, depth)) {
      countMembers(object, null, key, depth);
    } else if (value instanceof JsonNode.Array array && inference.isRecordArray(array, depth)) {
      countElements(array, null, key, depth);
    } else {
      countLeaf(key);
    }
  }

  private void countKnown(JsonNode value, CompiledColumn column, KeyNode key, int depth) {
    boolean isRecord = column.record != null;
    if (isRecord && !column.isRepeated && value instanceof JsonNode.Obj object) {
      countMembers(object, column.record, key, depth);
    } else if (isRecord && column.isRepeated && value instanceof JsonNode.Array array) {
      countElements(array, column.record, key, depth);
    } else {
      countLeaf(key);
    }
  }

  private void countElements(JsonNode.Array array, CompiledRecord record, KeyNode key, int depth) {
    for (int i = 0; i < array.size(); i++) {
      if (array.get(i) instanceof JsonNode.Obj object) {
        countMembers(object, record, key, depth);
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
