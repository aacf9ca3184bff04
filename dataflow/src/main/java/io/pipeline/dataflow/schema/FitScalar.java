package io.pipeline.dataflow.schema;

import io.pipeline.dataflow.json.Decimal;
import io.pipeline.dataflow.json.JsonNode;
import io.pipeline.dataflow.json.JsonWriter;

/**
 * Compares one value with the type of one column, regardless of whether the column may change.
 *
 * <p>Returns the row's value if it fits, else a {@link Refusal}, so that a fitting value allocates
 * nothing extra.
 */
final class FitScalar {
  private static final long FIFTEEN_DIGITS = 1_000_000_000_000_000L;
  private static final int NUMERIC_SCALE = 9;

  /** Powers of ten that a double represents exactly. */
  private static final double[] POWERS = new double[19];

  static {
    POWERS[0] = 1;
    for (int i = 1; i < POWERS.length; i++) {
      POWERS[i] = POWERS[i - 1] * 10;
    }
  }

  private FitScalar() {}

  /**
   * The reason why a value does not fit: {@code to} is the wider type that would hold it; otherwise
   * {@code reason} applies.
   */
  enum Refusal {
    NOT_UNICODE(OverflowReason.NOT_UNICODE, null),
    MIXED_ARRAY(OverflowReason.MIXED_ARRAY, null),
    NULL_IN_ARRAY(OverflowReason.NULL_IN_ARRAY, null),
    OUT_OF_RANGE(OverflowReason.OUT_OF_RANGE, null),
    TYPE_CONFLICT(OverflowReason.TYPE_CONFLICT, null),
    NOT_WIDENABLE(OverflowReason.NOT_WIDENABLE, null),
    NUMBER_NOT_REPRESENTABLE(OverflowReason.NUMBER_NOT_REPRESENTABLE, null),
    NUMERIC_NEEDED(null, ColumnType.NUMERIC),
    BIGNUMERIC_NEEDED(null, ColumnType.BIGNUMERIC);

    final OverflowReason reason;
    final ColumnType to;

    Refusal(OverflowReason reason, ColumnType to) {
      this.reason = reason;
      this.to = to;
    }

    /**
     * Combines the refusals of two parts of one value: the first reason in order, and a wider type
     * only if neither has a reason.
     */
    static Refusal join(Refusal left, Refusal right) {
      if (left == null || left == right) {
        return right;
      }
      if (left.to != null && right.to != null) {
        return BIGNUMERIC_NEEDED;
      }
      Refusal one = left.to == null ? left : NOT_WIDENABLE;
      Refusal other = right.to == null ? right : NOT_WIDENABLE;
      return one.compareTo(other) <= 0 ? one : other;
    }
  }

  /** Compares a non-null value with a column's type, ignoring its mode. */
  static Object fit(JsonNode node, CompiledColumn column) {
    if (column.note.takesNumbersAsText()
        && column.type == ColumnType.STRING
        && node instanceof JsonNode.Num number) {
      String text = Decimal.numberText(number.literal());
      return column.parameters == null || isHeld(text, column.parameters)
          ? text
          : Refusal.OUT_OF_RANGE;
    }
    Object fitted = fit(node, column.type);
    boolean isChecked =
        column.parameters != null
            && fitted != Refusal.TYPE_CONFLICT
            && fitted != Refusal.NOT_UNICODE
            && (node instanceof JsonNode.Text || node instanceof JsonNode.Num);
    if (!isChecked || (!(fitted instanceof Refusal) && isHeld(node, column.parameters))) {
      return fitted;
    }
    return Refusal.OUT_OF_RANGE;
  }

  /**
   * STRING(L) holds at most L code points; NUMERIC(P, S) at most P − S digits before and S after
   * the point, where BigQuery would round. Source: BigQuery, "Parameterized data types", read
   * 2026-11-29.
   */
  private static boolean isHeld(JsonNode node, TypeParameters parameters) {
    if (node instanceof JsonNode.Text text) {
      return isHeld(text.value(), parameters);
    }
    if (parameters.precision() == null) {
      return true;
    }
    Decimal decimal = ((JsonNode.Num) node).decimal();
    int scale = parameters.scale() == null ? 0 : parameters.scale();
    return decimal.digits().isEmpty()
        || (decimal.point() <= parameters.precision() - scale
            && decimal.digits().length() - decimal.point() <= scale);
  }

  private static boolean isHeld(String text, TypeParameters parameters) {
    Integer max = parameters.maxLength();
    return max == null || text.length() <= max || text.codePointCount(0, text.length()) <= max;
  }

  private static Object fit(JsonNode node, ColumnType type) {
    if (!node.isUnicode()) {
      return Refusal.NOT_UNICODE;
    }
    return switch (type) {
      case STRING -> node instanceof JsonNode.Text text ? text.value() : Refusal.TYPE_CONFLICT;
      case INT64 -> node instanceof JsonNode.Num number ? fitInt64(number) : Refusal.TYPE_CONFLICT;
      case NUMERIC, BIGNUMERIC ->
          node instanceof JsonNode.Num number ? fitDecimal(number, type) : Refusal.TYPE_CONFLICT;
      case FLOAT64 ->
          node instanceof JsonNode.Num number ? fitFloat64(number) : Refusal.TYPE_CONFLICT;
      case BOOL -> node instanceof JsonNode.Bool bool ? bool.value() : Refusal.TYPE_CONFLICT;
      case DATE, DATETIME, TIMESTAMP ->
          node instanceof JsonNode.Text text ? fitDate(text.value(), type) : Refusal.TYPE_CONFLICT;
      case JSON -> node.isJsonExact() ? JsonWriter.write(node) : Refusal.NUMBER_NOT_REPRESENTABLE;
      case RECORD, BYTES, TIME, GEOGRAPHY, INTERVAL, RANGE -> Refusal.TYPE_CONFLICT;
    };
  }

  private static Object fitInt64(JsonNode.Num number) {
    if (number.isSmall() && number.scale() == 0) {
      return number.unscaled();
    }
    Decimal decimal = number.decimal();
    return decimal.isInt64() ? (Object) decimal.toLong() : wider(decimal, ColumnType.INT64);
  }

  private static Object fitDecimal(JsonNode.Num number, ColumnType type) {
    if (number.isSmall() && number.scale() <= NUMERIC_SCALE) {
      return number.literal();
    }
    Decimal decimal = number.decimal();
    boolean isHeld = type == ColumnType.NUMERIC ? decimal.isNumeric() : decimal.isBignumeric();
    return isHeld ? decimal.toPlainText() : wider(decimal, type);
  }

  private static Refusal wider(Decimal decimal, ColumnType type) {
    if (type == ColumnType.INT64 && decimal.isNumeric()) {
      return Refusal.NUMERIC_NEEDED;
    }
    return type != ColumnType.BIGNUMERIC && decimal.isBignumeric()
        ? Refusal.BIGNUMERIC_NEEDED
        : Refusal.NUMBER_NOT_REPRESENTABLE;
  }

  private static Object fitFloat64(JsonNode.Num number) {
    if (number.isSmall() && Math.abs(number.unscaled()) < FIFTEEN_DIGITS) {
      return number.unscaled() / POWERS[number.scale()];
    }
    Decimal decimal = number.decimal();
    return decimal.isFloat64() ? (Object) decimal.toDouble() : Refusal.NUMBER_NOT_REPRESENTABLE;
  }

  private static Object fitDate(String text, ColumnType type) {
    DateText date = DateText.read(text);
    if (date == null || date.type() != type) {
      return Refusal.TYPE_CONFLICT;
    }
    if (!date.isInRange()) {
      return Refusal.OUT_OF_RANGE;
    }
    return type == ColumnType.DATE ? (Object) (int) date.value() : (Object) date.value();
  }

  /**
   * Compares an array with a REPEATED column of a scalar type: all elements fit, or none.
   *
   * <p>If several reasons apply, returns the first in the closed order.
   */
  static Object fitArray(JsonNode.Array array, CompiledColumn column) {
    if (!array.isUnicode()) {
      return Refusal.NOT_UNICODE;
    }
    Refusal refusal = column.type == ColumnType.JSON ? null : unevenness(array);
    if (refusal != null) {
      return refusal;
    }
    Object[] values = new Object[array.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = fit(array.get(i), column);
      if (values[i] instanceof Refusal next) {
        refusal = Refusal.join(refusal, next);
      }
    }
    return refusal == null ? values : refusal;
  }

  /**
   * Returns MIXED_ARRAY, NULL_IN_ARRAY, or TYPE_CONFLICT for an array or object among scalars, in
   * this order; null for a uniform array.
   */
  private static Refusal unevenness(JsonNode.Array array) {
    JsonNode.Kind first = null;
    boolean hasNull = false;
    boolean hasComposite = false;
    for (int i = 0; i < array.size(); i++) {
      JsonNode.Kind kind = array.get(i).kind();
      switch (kind) {
        case NULL -> hasNull = true;
        case ARRAY, OBJECT -> hasComposite = true;
        default -> {
          if (first != null && first != kind) {
            return Refusal.MIXED_ARRAY;
          }
          first = kind;
        }
      }
    }
    if (hasNull) {
      return Refusal.NULL_IN_ARRAY;
    }
    return hasComposite ? Refusal.TYPE_CONFLICT : null;
  }
}
