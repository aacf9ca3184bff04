package io.pipeline.dataflow.store;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.google.cloud.bigquery.storage.v1.ProtoSchema;
import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.DescriptorProtos.DescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto;
import io.pipeline.dataflow.model.Envelope;
import io.pipeline.dataflow.model.RoutedEvent;
import io.pipeline.dataflow.schema.Column;
import io.pipeline.dataflow.schema.ColumnMode;
import io.pipeline.dataflow.schema.ColumnType;
import io.pipeline.dataflow.schema.NewTables;
import io.pipeline.dataflow.schema.TableSchema;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;

/**
 * The table {@code _quarantine}: whole messages whose type may not have a table until an operator
 * decides. table-manager writes the same rows, which {@code test/contracts/tables/quarantine.json}
 * enforces.
 */
final class Quarantine {
  static final String NAME = "_quarantine";

  /** In the order of the table's columns: column n (from 1) is field n. */
  static final List<Column> COLUMNS =
      List.of(
          column("message_id", ColumnType.STRING, ColumnMode.REQUIRED),
          column("publish_time", ColumnType.TIMESTAMP, ColumnMode.REQUIRED),
          column("event_type", ColumnType.STRING, ColumnMode.NULLABLE),
          column("table_name", ColumnType.STRING, ColumnMode.NULLABLE),
          column("reason", ColumnType.STRING, ColumnMode.REQUIRED),
          column("data", ColumnType.BYTES, ColumnMode.NULLABLE),
          column("attributes", ColumnType.JSON, ColumnMode.NULLABLE),
          column("quarantined_at", ColumnType.TIMESTAMP, ColumnMode.REQUIRED));

  static final KnownTable TABLE =
      KnownTable.of(NAME, new TableSchema(COLUMNS, false), writerSchema());

  /** Larger data is left out, because a row holds less than a message; the archive has it. */
  static final int MAX_DATA_BYTES = 9_000_000;

  private static final JsonFactory JSON = new JsonFactory();

  private Quarantine() {}

  /** Encodes the row of a message; {@code data} is null for more than 9,000,000 bytes. */
  static ByteString encode(RoutedEvent event, NewTables reason, long nowMs) {
    Envelope envelope = event.envelope();
    ByteString.Output bytes = ByteString.newOutput(envelope.data().size() + 1024);
    CodedOutputStream out = CodedOutputStream.newInstance(bytes);
    try {
      out.writeString(1, envelope.messageId());
      out.writeInt64(2, envelope.publishTimeMs() * 1_000);
      out.writeString(3, event.eventType());
      out.writeString(4, event.table());
      out.writeString(5, reason.name());
      if (envelope.data().size() <= MAX_DATA_BYTES) {
        out.writeBytes(6, envelope.data());
      }
      out.writeString(7, json(envelope.attributes()));
      out.writeInt64(8, nowMs * 1_000);
      out.flush();
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
    return bytes.toByteString();
  }

  private static String json(Map<String, String> attributes) throws IOException {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = JSON.createGenerator(text)) {
      json.writeStartObject();
      for (Map.Entry<String, String> attribute : attributes.entrySet()) {
        json.writeStringField(attribute.getKey(), attribute.getValue());
      }
      json.writeEndObject();
    }
    return text.toString();
  }

  private static Column column(String name, ColumnType type, ColumnMode mode) {
    return new Column(name, type, mode, "", List.of());
  }

  private static ProtoSchema writerSchema() {
    DescriptorProto.Builder message = DescriptorProto.newBuilder().setName("Row");
    for (Column column : COLUMNS) {
      message.addField(
          FieldDescriptorProto.newBuilder()
              .setName(column.name())
              .setNumber(message.getFieldCount() + 1)
              .setType(typeOf(column.type()))
              .setLabel(
                  column.mode() == ColumnMode.REQUIRED
                      ? FieldDescriptorProto.Label.LABEL_REQUIRED
                      : FieldDescriptorProto.Label.LABEL_OPTIONAL));
    }
    return ProtoSchema.newBuilder().setProtoDescriptor(message).build();
  }

  private static FieldDescriptorProto.Type typeOf(ColumnType type) {
    return switch (type) {
      case TIMESTAMP -> FieldDescriptorProto.Type.TYPE_INT64;
      case BYTES -> FieldDescriptorProto.Type.TYPE_BYTES;
      default -> FieldDescriptorProto.Type.TYPE_STRING;
    };
  }
}
