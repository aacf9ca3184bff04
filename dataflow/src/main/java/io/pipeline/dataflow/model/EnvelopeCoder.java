package io.pipeline.dataflow.model;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Map;
import org.apache.beam.sdk.coders.AtomicCoder;
import org.apache.beam.sdk.coders.BooleanCoder;
import org.apache.beam.sdk.coders.ByteArrayCoder;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.MapCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.coders.VarLongCoder;

/**
 * Encodes an {@link Envelope} field by field. Only a replay has a delivery time of its own, which
 * follows its flag.
 */
public final class EnvelopeCoder extends AtomicCoder<Envelope> {
  private static final EnvelopeCoder INSTANCE = new EnvelopeCoder();
  private static final Coder<String> TEXT = StringUtf8Coder.of();
  private static final Coder<Long> NUMBER = VarLongCoder.of();
  private static final Coder<Map<String, String>> ATTRIBUTES = MapCoder.of(TEXT, TEXT);
  private static final Coder<Boolean> FLAG = BooleanCoder.of();
  private static final Coder<byte[]> BYTES = ByteArrayCoder.of();

  private EnvelopeCoder() {}

  public static EnvelopeCoder of() {
    return INSTANCE;
  }

  @Override
  public void encode(Envelope envelope, OutputStream out) throws IOException {
    TEXT.encode(envelope.pubsubId(), out);
    TEXT.encode(envelope.messageId(), out);
    NUMBER.encode(envelope.publishTimeMs(), out);
    ATTRIBUTES.encode(envelope.attributes(), out);
    BYTES.encode(envelope.data().toByteArray(), out);
    FLAG.encode(envelope.isReplay(), out);
    if (envelope.isReplay()) {
      NUMBER.encode(envelope.deliveredMs(), out);
    }
  }

  @Override
  public Envelope decode(InputStream in) throws IOException {
    String pubsubId = TEXT.decode(in);
    String messageId = TEXT.decode(in);
    long publishTimeMs = NUMBER.decode(in);
    Map<String, String> attributes = ATTRIBUTES.decode(in);
    ByteString data = UnsafeByteOperations.unsafeWrap(BYTES.decode(in));
    boolean isReplay = FLAG.decode(in);
    long deliveredMs = isReplay ? NUMBER.decode(in) : publishTimeMs;
    return new Envelope(
        pubsubId, messageId, publishTimeMs, deliveredMs, attributes, data, isReplay);
  }
}
