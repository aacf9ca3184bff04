package io.pipeline.dataflow.schema;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a value would make of a new column: a candidate, by keys; names are given when a plan is
 * made.
 *
 * <p>A part may be unusable: an object whose keys are data and that JSON cannot hold asks for no
 * column. But where another element of the same array makes a RECORD of that field, the field is
 * JSON; as a RECORD it would take the keys that are data as children once it is there, and the
 * event would ask for them after its own plan.
 */
public final class Shape {
  /** The top of the lattice: it has a join with everything, itself. */
  static final Shape JSON = new Shape(ColumnType.JSON, false, null, true);

  static final Shape UNUSABLE_OBJECT = new Shape(ColumnType.JSON, false, null, false);

  /** An array of such objects, or of objects and other things. */
  static final Shape UNUSABLE_OBJECTS = new Shape(ColumnType.JSON, true, null, false);

  private final ColumnType type;
  private final boolean isRepeated;
  private final Map<String, Shape> fields;
  private final boolean isUsable;

  private Shape(ColumnType type, boolean isRepeated, Map<String, Shape> fields, boolean isUsable) {
    this.type = type;
    this.isRepeated = isRepeated;
    this.fields = fields;
    this.isUsable = isUsable;
  }

  static Shape scalar(ColumnType type, boolean isRepeated) {
    return type == ColumnType.JSON ? JSON : new Shape(type, isRepeated, null, true);
  }

  /** A RECORD of at least one field, in order of first sight. */
  static Shape record(boolean isRepeated, Map<String, Shape> fields) {
    boolean isUsable = fields.values().stream().anyMatch(field -> field.isUsable);
    return new Shape(ColumnType.RECORD, isRepeated, fields, isUsable);
  }

  public ColumnType type() {
    return type;
  }

  public boolean isRepeated() {
    return isRepeated;
  }

  /** The children of a RECORD by event key; null for any other type. */
  public Map<String, Shape> fields() {
    return fields;
  }

  /** Would any part of it make a column? */
  boolean isUsable() {
    return isUsable;
  }

  /** The shape without its unusable parts, or null when nothing else is in it. */
  static Shape usablePart(Shape shape) {
    if (shape == null || !shape.isUsable) {
      return null;
    }
    if (shape.fields == null) {
      return shape;
    }
    Map<String, Shape> usable = new LinkedHashMap<>();
    shape.fields.forEach(
        (key, field) -> {
          Shape part = usablePart(field);
          if (part != null) {
            usable.put(key, part);
          }
        });
    return record(shape.isRepeated, usable);
  }
}
