package io.pipeline.dataflow.schema;

/** BigQuery's column modes. */
public enum ColumnMode {
  NULLABLE,
  REPEATED,
  REQUIRED
}
