package io.pipeline.dataflow.schema;

/**
 * The closed set of reasons why a value is not in its column. If several apply, the first in this
 * order counts.
 */
public enum OverflowReason {
  NOT_UNICODE,
  SCHEMA_CLOSED,
  MIXED_ARRAY,
  NULL_IN_ARRAY,
  OUT_OF_RANGE,
  TYPE_CONFLICT,
  NOT_WIDENABLE,
  NUMBER_NOT_REPRESENTABLE,
  AWAITING_APPROVAL,
  AWAITING_COLUMN
}
