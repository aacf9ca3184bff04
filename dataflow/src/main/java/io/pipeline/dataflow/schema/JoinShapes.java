package io.pipeline.dataflow.schema;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Joins two candidates for a new column to the narrowest candidate that covers both.
 *
 * <p>Shape: INT64 ⊔ NUMERIC = NUMERIC; DATE ⊔ TIMESTAMP = STRING; RECORDs join key by key; any
 * other pair is JSON. Laws: idempotent, associative, commutative up to the order of a record's keys
 * (left first), monotone.
 */
final class JoinShapes {
  private JoinShapes() {}

  /** Joins the shapes of two values of a new column. */
  static Shape ofValues(Shape left, Shape right) {
    if (left.isRepeated() != right.isRepeated()) {
      return Shape.JSON;
    }
    boolean isLeftRecord = left.type() == ColumnType.RECORD;
    if (isLeftRecord != (right.type() == ColumnType.RECORD)) {
      return Shape.JSON;
    }
    if (isLeftRecord) {
      return ofRecords(left, right);
    }
    return Shape.scalar(ofScalars(left.type(), right.type()), left.isRepeated());
  }

  /**
   * Joins the shapes of two elements of one array. Consumes both: {@code left} may be changed and
   * returned, and parts of {@code right} reused.
   */
  static Shape ofElements(Shape left, Shape right) {
    if (areRecordsAlike(left, right)) {
      return left.absorb(right, JoinShapes::ofElements);
    }
    if (!left.isUsable()) {
      return besideUnusable(left, right);
    }
    return right.isUsable() ? ofValues(left, right) : besideUnusable(right, left);
  }

  private static boolean areRecordsAlike(Shape left, Shape right) {
    return left.type() == ColumnType.RECORD
        && right.type() == ColumnType.RECORD
        && left.isRepeated() == right.isRepeated();
  }

  private static Shape besideUnusable(Shape unusable, Shape other) {
    boolean isSameKind =
        other.type() == ColumnType.RECORD
            && other.isRepeated() == unusable.isRepeated()
            && other.isUsable();
    return isSameKind ? Shape.JSON : other;
  }

  private static Shape ofRecords(Shape left, Shape right) {
    Map<String, Shape> fields = new LinkedHashMap<>(left.fields());
    right.fields().forEach((key, field) -> fields.merge(key, field, JoinShapes::ofValues));
    return Shape.record(left.isRepeated(), fields);
  }

  private static ColumnType ofScalars(ColumnType left, ColumnType right) {
    if (left == right) {
      return left;
    }
    if (left.isWritten() && right.isWritten()) {
      return ColumnType.STRING;
    }
    if (left.isWidening() && right.isWidening()) {
      return wider(left, right);
    }
    return ColumnType.JSON;
  }

  /** Returns the wider of two numeric types; {@code left} may be null. */
  static ColumnType wider(ColumnType left, ColumnType right) {
    return left == null || left.compareTo(right) < 0 ? right : left;
  }
}
