package io.pipeline.dataflow.io;

import com.google.cloud.bigquery.storage.v1.TableFieldSchema;
import io.pipeline.dataflow.schema.Column;
import io.pipeline.dataflow.schema.ColumnMode;
import io.pipeline.dataflow.schema.ColumnType;
import io.pipeline.dataflow.schema.TypeParameters;
import java.util.List;

/** Converts the schema that the Storage Write API reports for a stream. */
final class WriterColumns {
  private WriterColumns() {}

  static List<Column> of(List<TableFieldSchema> fields) {
    return fields.stream().map(WriterColumns::columnOf).toList();
  }

  private static Column columnOf(TableFieldSchema field) {
    ColumnMode mode =
        switch (field.getMode()) {
          case REPEATED -> ColumnMode.REPEATED;
          case REQUIRED -> ColumnMode.REQUIRED;
          default -> ColumnMode.NULLABLE;
        };
    return new Column(
        field.getName(),
        typeOf(field.getType()),
        mode,
        field.getDescription(),
        of(field.getFieldsList()),
        TypeParameters.of(
            numberOf(field.getMaxLength()),
            numberOf(field.getPrecision()),
            numberOf(field.getScale())));
  }

  /** The API reports 0 for an absent parameter. */
  private static Integer numberOf(long value) {
    return value == 0 ? null : Math.toIntExact(value);
  }

  private static ColumnType typeOf(TableFieldSchema.Type type) {
    return switch (type) {
      case DOUBLE -> ColumnType.FLOAT64;
      case STRUCT -> ColumnType.RECORD;
      case TYPE_UNSPECIFIED, UNRECOGNIZED -> ColumnType.GEOGRAPHY;
      default -> ColumnType.valueOf(type.name());
    };
  }
}
