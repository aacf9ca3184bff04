package io.pipeline.dataflow.schema;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BinaryOperator;

/**
 * The candidate column for a value, by keys. Column names are assigned when a plan is made.
 *
 * <p>A part may be unusable: an object whose keys are data and that JSON cannot hold needs no
 * column. If another element of the same array makes the field a RECORD, the field becomes JSON; as
 * a RECORD it would adopt the keys that are data as children, and the event would need them after
 * its own plan.
 */
public final class Shape {
  /** The top of the lattice: any shape joined with it is JSON. */
  static final Shape JSON = new Shape(ColumnType.JSON, false, null, true);

  static final Shape UNUSABLE_OBJECT = new Shape(ColumnType.JSON, false, null, false);

  /** An array of such objects, or of objects and other things. */
  static final Shape UNUSABLE_OBJECTS = new Shape(ColumnType.JSON, true, null, false);

  private final ColumnType type;
  private final boolean isRepeated;
  private final Map<String, Shape> fields;
  private boolean isUsable;

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

  /**
   * Joins the fields of another RECORD into this one, which must not be shared. In place, because
   * joining the elements of an array one by one would otherwise be quadratic.
   */
  Shape absorb(Shape other, BinaryOperator<Shape> join) {
    other.fields.forEach((key, field) -> fields.merge(key, field, join));
    isUsable |= other.isUsable;
    return this;
  }

  /** True if any part of it becomes a column. */
  boolean isUsable() {
    return isUsable;
  }

  /** Returns the shape without its unusable parts, or null if nothing else is left. */
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
