package io.pipeline.dataflow.schema;

/**
 * Every BigQuery type a table may have; no JSON value fits the last five, which only tables made by
 * hand have.
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

  /** Is it one of the types that widen in place, INT64 → NUMERIC → BIGNUMERIC? */
  boolean isWidening() {
    return this == INT64 || this == NUMERIC || this == BIGNUMERIC;
  }

  /** Is it made of strings? */
  boolean isWritten() {
    return this == STRING || this == DATE || this == DATETIME || this == TIMESTAMP;
  }
}
