package io.pipeline.dataflow.schema;

/**
 * Every BigQuery type that a table may have. No JSON value fits the last five, which only hand-made
 * tables have.
 */
public enum ColumnType {
  BOOL,
  INT64,
  NUMERIC,
  BIGNUMERIC,
  FLOAT64,
  STRING,
  DATE,
  DATETIME,
  TIMESTAMP,
  JSON,
  RECORD,
  BYTES,
  TIME,
  GEOGRAPHY,
  INTERVAL,
  RANGE;

  /** True for the types that widen in place: INT64 → NUMERIC → BIGNUMERIC. */
  boolean isWidening() {
    return this == INT64 || this == NUMERIC || this == BIGNUMERIC;
  }

  /** True for types whose values are JSON strings. */
  boolean isWritten() {
    return this == STRING || this == DATE || this == DATETIME || this == TIMESTAMP;
  }
}
