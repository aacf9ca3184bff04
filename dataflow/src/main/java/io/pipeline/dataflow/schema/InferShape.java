package io.pipeline.dataflow.schema;

import io.pipeline.dataflow.json.Decimal;
import io.pipeline.dataflow.json.JsonNode;
import java.util.LinkedHashMap;
import java.util.Map;

/** Infers columns from first values. */
final class InferShape {
  private final Limits limits;

  InferShape(Limits limits) {
    this.limits = limits;
  }

  /**
   * Returns the candidate column, or null if the value needs none: it has no scalar, or no type
   * holds it.
   *
   * <p>Includes unusable parts, because they affect the other elements of an array. {@code depth}
   * is the RECORD level that a record here would have: 1 for a field of the table.
   */
  Shape infer(JsonNode node, int depth) {
    if (!node.hasScalar()) {
      return null;
    }
    if (node instanceof JsonNode.Obj object) {
      return inferObject(object, depth);
    }
    if (node instanceof JsonNode.Array array) {
      return inferArray(array, depth);
    }
    ColumnType type = scalarType(node);
    return type == null ? null : Shape.scalar(type, false);
  }

  /**
   * True if a new object becomes JSON rather than a RECORD: its keys are data, or it is too deep.
   */
  boolean isJsonObject(JsonNode.Obj object, int depth) {
    return depth > limits.maxRecordDepth() || DataKeys.areKeysOf(object, limits.maxNewObjectKeys());
  }

  /** True if a new array holds only objects that become RECORDs, and nulls. */
  boolean isRecordArray(JsonNode.Array array, int depth) {
    for (int i = 0; i < array.size(); i++) {
      JsonNode element = array.get(i);
      boolean isRecord = element instanceof JsonNode.Obj object && !isJsonObject(object, depth);
      if (!isRecord && element.kind() != JsonNode.Kind.NULL) {
        return false;
      }
    }
    return true;
  }

  private static ColumnType scalarType(JsonNode node) {
    if (node instanceof JsonNode.Num number) {
      return numberType(number);
    }
    if (node instanceof JsonNode.Text text) {
      if (!text.isUnicode()) {
        return null;
      }
      DateText date = DateText.read(text.value());
      return date != null && date.isInRange() ? date.type() : ColumnType.STRING;
    }
    return ColumnType.BOOL;
  }

  /** Returns the narrowest type that holds a first number exactly, or null. */
  private static ColumnType numberType(JsonNode.Num number) {
    Decimal decimal = number.decimal();
    if (number.isInteger() && decimal.isInt64()) {
      return ColumnType.INT64;
    }
    if (decimal.isNumeric()) {
      return ColumnType.NUMERIC;
    }
    if (decimal.isBignumeric()) {
      return ColumnType.BIGNUMERIC;
    }
    return decimal.isFloat64() ? ColumnType.FLOAT64 : null;
  }

  private Shape inferObject(JsonNode.Obj object, int depth) {
    if (isJsonObject(object, depth)) {
      return object.isKeptByJson() ? Shape.JSON : Shape.UNUSABLE_OBJECT;
    }
    Map<String, Shape> fields = new LinkedHashMap<>();
    for (int i = 0; i < object.size(); i++) {
      Shape field = infer(object.value(i), depth + 1);
      if (field != null) {
        fields.put(object.key(i), field);
      }
    }
    return fields.isEmpty() ? null : Shape.record(false, fields);
  }

  private Shape inferArray(JsonNode.Array array, int depth) {
    JsonNode.Kind kind = kindOfElements(array);
    if (kind == null || kind == JsonNode.Kind.ARRAY) {
      return inferMixed(array);
    }
    return kind == JsonNode.Kind.OBJECT ? inferRecords(array, depth) : inferScalars(array);
  }

  /** Returns the common kind of the elements, ignoring {@code null}, or null. */
  private static JsonNode.Kind kindOfElements(JsonNode.Array array) {
    JsonNode.Kind kind = null;
    for (int i = 0; i < array.size(); i++) {
      JsonNode.Kind next = array.get(i).kind();
      if (next == JsonNode.Kind.NULL) {
        continue;
      }
      if (kind != null && kind != next) {
        return null;
      }
      kind = next;
    }
    return kind;
  }

  /**
   * Marks records among mixed elements as unusable: an array of records under the same key would
   * adopt them as children.
   */
  private static Shape inferMixed(JsonNode.Array array) {
    if (array.isKeptByJson()) {
      return Shape.JSON;
    }
    for (int i = 0; i < array.size(); i++) {
      JsonNode element = array.get(i);
      if (element.kind() == JsonNode.Kind.OBJECT && element.hasScalar()) {
        return Shape.UNUSABLE_OBJECTS;
      }
    }
    return null;
  }

  private Shape inferRecords(JsonNode.Array array, int depth) {
    Map<String, Shape> fields = new LinkedHashMap<>();
    for (int i = 0; i < array.size(); i++) {
      if (array.get(i) instanceof JsonNode.Obj object && isJsonObject(object, depth)) {
        return array.isKeptByJson() ? Shape.JSON : Shape.UNUSABLE_OBJECTS;
      }
    }
    for (int i = 0; i < array.size(); i++) {
      if (array.get(i) instanceof JsonNode.Obj object) {
        joinMembers(object, depth, fields);
      }
    }
    return fields.isEmpty() ? null : Shape.record(true, fields);
  }

  private void joinMembers(JsonNode.Obj object, int depth, Map<String, Shape> fields) {
    for (int i = 0; i < object.size(); i++) {
      Shape field = infer(object.value(i), depth + 1);
      if (field != null) {
        fields.merge(object.key(i), field, JoinShapes::ofElements);
      }
    }
  }

  private static Shape inferScalars(JsonNode.Array array) {
    Shape joined = null;
    for (int i = 0; i < array.size(); i++) {
      JsonNode element = array.get(i);
      if (element.kind() == JsonNode.Kind.NULL) {
        continue;
      }
      ColumnType type = scalarType(element);
      if (type == null) {
        return null;
      }
      Shape shape = Shape.scalar(type, true);
      joined = joined == null ? shape : JoinShapes.ofValues(joined, shape);
    }
    if (joined.type() == ColumnType.JSON) {
      return array.isKeptByJson() ? joined : null;
    }
    return joined;
  }
}
