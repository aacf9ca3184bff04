package io.pipeline.dataflow.model;

import com.google.protobuf.UnsafeByteOperations;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Map;
import org.apache.beam.sdk.coders.AtomicCoder;
import org.apache.beam.sdk.coders.ByteArrayCoder;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.MapCoder;
import org.apache.beam.sdk.coders.NullableCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;

/** Encodes a {@link DeadLetter} field by field, in the order of the record. */
public final class DeadLetterCoder extends AtomicCoder<DeadLetter> {
  private static final DeadLetterCoder INSTANCE = new DeadLetterCoder();
  private static final Coder<String> TEXT = NullableCoder.of(StringUtf8Coder.of());
  private static final Coder<Map<String, String>> ATTRIBUTES =
      NullableCoder.of(MapCoder.of(StringUtf8Coder.of(), StringUtf8Coder.of()));
  private static final Coder<byte[]> BYTES = ByteArrayCoder.of();

  private DeadLetterCoder() {}

  public static DeadLetterCoder of() {
    return INSTANCE;
  }

  @Override
  public void encode(DeadLetter letter, OutputStream out) throws IOException {
    TEXT.encode(letter.reason(), out);
    TEXT.encode(letter.stage(), out);
    TEXT.encode(letter.detail(), out);
    TEXT.encode(letter.eventType(), out);
    TEXT.encode(letter.table(), out);
    TEXT.encode(letter.messageId(), out);
    TEXT.encode(letter.publishTime(), out);
    ATTRIBUTES.encode(letter.attributes(), out);
    BYTES.encode(letter.data().toByteArray(), out);
  }

  @Override
  public DeadLetter decode(InputStream in) throws IOException {
    return new DeadLetter(
        TEXT.decode(in),
        TEXT.decode(in),
        TEXT.decode(in),
        TEXT.decode(in),
        TEXT.decode(in),
        TEXT.decode(in),
        TEXT.decode(in),
        ATTRIBUTES.decode(in),
        UnsafeByteOperations.unsafeWrap(BYTES.decode(in)));
  }
}
