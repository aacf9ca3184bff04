package io.pipeline.dataflow.schema;

/** BigQuery's modes. */
public enum ColumnMode {
  NULLABLE,
  REPEATED,
  REQUIRED
}
