package io.pipeline.dataflow.store;

import com.google.protobuf.ByteString;
import io.pipeline.dataflow.schema.CompiledColumn;
import io.pipeline.dataflow.schema.CompiledSchema;
import io.pipeline.dataflow.schema.PipelineColumn;
import io.pipeline.dataflow.schema.Row;
import io.pipeline.dataflow.schema.RowRecord;
import io.pipeline.dataflow.schema.WrittenFields;
import org.checkerframework.checker.nullness.qual.Nullable;

/** Encodes a row as the proto message of {@link WriterSchemas}. Not thread-safe. */
final class RowEncoder {
  private final ProtoBuffer out = new ProtoBuffer();

  ByteString encode(Row row) {
    out.clear();
    CompiledSchema schema = row.compiled();
    text(schema.fieldNumber(PipelineColumn.MESSAGE_ID), row.messageId());
    number(schema.fieldNumber(PipelineColumn.PUBLISH_TIME), row.publishTimeMicros());
    text(schema.fieldNumber(PipelineColumn.EVENT_TYPE), row.eventType());
    number(schema.fieldNumber(PipelineColumn.INGEST_TIME), row.ingestTimeMicros());
    text(schema.fieldNumber(PipelineColumn.ATTRIBUTES), row.attributesJson());
    text(schema.fieldNumber(PipelineColumn.OVERFLOW), row.overflowJson());
    WrittenFields written = row.written();
    if (written != null) {
      return out.toByteString(written);
    }
    fields(row.event());
    return out.toByteString();
  }

  private void text(int field, @Nullable String value) {
    if (field > 0 && value != null) {
      out.writeString(field, value);
    }
  }

  private void number(int field, long value) {
    if (field > 0) {
      out.writeInt64(field, value);
    }
  }

  private void fields(RowRecord values) {
    int slots = values.slots();
    for (int slot = 0; slot < slots; slot++) {
      Object value = values.valueAt(slot);
      if (value == null) {
        continue;
      }
      CompiledColumn column = values.record().column(values.indexAt(slot));
      if (column.isRepeated()) {
        for (Object element : (Object[]) value) {
          field(column, element);
        }
      } else {
        field(column, value);
      }
    }
  }

  private void field(CompiledColumn column, Object value) {
    int number = column.fieldNumber();
    switch (column.type()) {
      case BOOL -> out.writeBool(number, (Boolean) value);
      case INT64, TIMESTAMP, DATETIME -> out.writeInt64(number, (Long) value);
      case DATE -> out.writeInt64(number, (Integer) value);
      case FLOAT64 -> out.writeDouble(number, (Double) value);
      case STRING, JSON, NUMERIC, BIGNUMERIC -> out.writeString(number, (String) value);
      case RECORD -> {
        int begin = out.beginMessage(number);
        fields((RowRecord) value);
        out.endMessage(begin);
      }
      default -> throw new IllegalStateException("No value fits a column of type " + column.type());
    }
  }
}
