package io.pipeline.dataflow.store;

import com.google.protobuf.ByteString;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.DescriptorValidationException;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.InvalidProtocolBufferException;
import io.pipeline.dataflow.schema.Row;
import io.pipeline.dataflow.schema.TableSchema;

/** Encodes rows of one table, and decodes them by the schema that they are sent with. */
public final class EncodedRows {
  private final RowEncoder encoder = new RowEncoder();
  private final Descriptor descriptor;

  public EncodedRows(TableSchema schema) {
    FileDescriptorProto file =
        FileDescriptorProto.newBuilder()
            .setName("row.proto")
            .addMessageType(WriterSchemas.of(schema.columns()).getProtoDescriptor())
            .build();
    try {
      descriptor = FileDescriptor.buildFrom(file, new FileDescriptor[0]).getMessageTypes().get(0);
    } catch (DescriptorValidationException broken) {
      throw new IllegalStateException(broken);
    }
  }

  /** Returns the encoded row as a message, in which fields have no order. */
  public DynamicMessage messageOf(Row row) {
    ByteString bytes = encoder.encode(row);
    try {
      return DynamicMessage.newBuilder(descriptor).mergeFrom(bytes).buildPartial();
    } catch (InvalidProtocolBufferException broken) {
      throw new IllegalStateException(broken);
    }
  }
}
