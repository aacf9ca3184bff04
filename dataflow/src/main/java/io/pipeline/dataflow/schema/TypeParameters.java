package io.pipeline.dataflow.schema;

import java.io.Serializable;

/**
 * Parameters of a column's type, in tables made by hand: STRING(L), NUMERIC(P, S). Such a column
 * never widens.
 *
 * @param maxLength code points of a STRING, bytes of BYTES; null if absent
 * @param precision digits of a number; null if absent
 * @param scale digits after the point; null means 0
 */
public record TypeParameters(Integer maxLength, Integer precision, Integer scale)
    implements Serializable {
  /** Returns null for a type without parameters. */
  public static TypeParameters of(Integer maxLength, Integer precision, Integer scale) {
    return maxLength == null && precision == null
        ? null
        : new TypeParameters(maxLength, precision, scale == null || scale == 0 ? null : scale);
  }
}
