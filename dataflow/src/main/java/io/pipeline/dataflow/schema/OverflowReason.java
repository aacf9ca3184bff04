package io.pipeline.dataflow.schema;

/**
 * Why a value is not in its column. Closed set; where several hold, the first in this order is
 * given.
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
  SCHEMA_WAIT_TIMEOUT
}
