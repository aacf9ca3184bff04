package io.pipeline.dataflow.schema;

/** The columns that every table begins with. Event keys never map to them. */
public enum PipelineColumn {
  MESSAGE_ID("_message_id", ColumnType.STRING, ColumnMode.REQUIRED),
  PUBLISH_TIME("_publish_time", ColumnType.TIMESTAMP, ColumnMode.REQUIRED),
  EVENT_TYPE("_event_type", ColumnType.STRING, ColumnMode.NULLABLE),
  INGEST_TIME("_ingest_time", ColumnType.TIMESTAMP, ColumnMode.NULLABLE),
  ATTRIBUTES("_attributes", ColumnType.JSON, ColumnMode.NULLABLE),
  OVERFLOW("_overflow", ColumnType.JSON, ColumnMode.NULLABLE),
  /** Null in a row as first written; promotion adds one each time it moves values. */
  REVISION("_revision", ColumnType.INT64, ColumnMode.NULLABLE);

  private final String columnName;
  private final ColumnType type;
  private final ColumnMode mode;

  PipelineColumn(String columnName, ColumnType type, ColumnMode mode) {
    this.columnName = columnName;
    this.type = type;
    this.mode = mode;
  }

  public String columnName() {
    return columnName;
  }

  public ColumnType type() {
    return type;
  }

  public ColumnMode mode() {
    return mode;
  }

  /** Returns the column with the name, ignoring case as BigQuery does, or null. */
  public static PipelineColumn named(String name) {
    for (PipelineColumn column : values()) {
      if (column.columnName.equals(Ascii.lower(name))) {
        return column;
      }
    }
    return null;
  }
}
