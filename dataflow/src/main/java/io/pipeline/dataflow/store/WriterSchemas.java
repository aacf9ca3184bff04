package io.pipeline.dataflow.store;

import com.google.cloud.bigquery.storage.v1.AnnotationsProto;
import com.google.cloud.bigquery.storage.v1.ProtoSchema;
import com.google.protobuf.DescriptorProtos.DescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldOptions;
import io.pipeline.dataflow.schema.Column;
import io.pipeline.dataflow.schema.ColumnMode;
import io.pipeline.dataflow.schema.ColumnType;
import java.util.List;
import java.util.regex.Pattern;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Builds the proto message that a table's rows are sent as.
 *
 * <p>Shape: column n (from 1) is field n under its own name. Types: INT64, TIMESTAMP (µs) and
 * DATETIME (packed) int64, DATE (days) int32, FLOAT64 double, BOOL bool, RECORD a message, every
 * other string; NUMERIC as text, so that no digit is lost. Columns of types that no JSON value fits
 * are left out. Source: BigQuery, "Supported protocol buffer and Arrow data types", read
 * 2026-11-23.
 */
final class WriterSchemas {
  private static final Pattern PLAIN_NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");

  private WriterSchemas() {}

  static ProtoSchema of(List<Column> columns) {
    return ProtoSchema.newBuilder().setProtoDescriptor(message("Row", columns)).build();
  }

  private static DescriptorProto message(String name, List<Column> columns) {
    DescriptorProto.Builder message = DescriptorProto.newBuilder().setName(name);
    for (int index = 0; index < columns.size(); index++) {
      Column column = columns.get(index);
      FieldDescriptorProto.Type type = typeOf(column.type());
      if (type == null) {
        continue;
      }
      int number = index + 1;
      FieldDescriptorProto.Builder field =
          FieldDescriptorProto.newBuilder()
              .setNumber(number)
              .setType(type)
              .setLabel(labelOf(column.mode()));
      nameField(field, column.name(), number);
      if (type == FieldDescriptorProto.Type.TYPE_MESSAGE) {
        String nested = "R" + number;
        message.addNestedType(message(nested, column.columns()));
        field.setTypeName(nested);
      }
      message.addField(field);
    }
    return message.build();
  }

  private static void nameField(FieldDescriptorProto.Builder field, String name, int number) {
    if (PLAIN_NAME.matcher(name).matches()) {
      field.setName(name);
      return;
    }
    field
        .setName("col_" + number)
        .setOptions(
            FieldOptions.newBuilder().setExtension(AnnotationsProto.columnName, name).build());
  }

  private static FieldDescriptorProto.Label labelOf(ColumnMode mode) {
    return switch (mode) {
      case NULLABLE -> FieldDescriptorProto.Label.LABEL_OPTIONAL;
      case REPEATED -> FieldDescriptorProto.Label.LABEL_REPEATED;
      case REQUIRED -> FieldDescriptorProto.Label.LABEL_REQUIRED;
    };
  }

  private static FieldDescriptorProto.@Nullable Type typeOf(ColumnType type) {
    return switch (type) {
      case BOOL -> FieldDescriptorProto.Type.TYPE_BOOL;
      case INT64, TIMESTAMP, DATETIME -> FieldDescriptorProto.Type.TYPE_INT64;
      case DATE -> FieldDescriptorProto.Type.TYPE_INT32;
      case FLOAT64 -> FieldDescriptorProto.Type.TYPE_DOUBLE;
      case STRING, JSON, NUMERIC, BIGNUMERIC -> FieldDescriptorProto.Type.TYPE_STRING;
      case RECORD -> FieldDescriptorProto.Type.TYPE_MESSAGE;
      case BYTES, TIME, GEOGRAPHY, INTERVAL, RANGE -> null;
    };
  }
}
