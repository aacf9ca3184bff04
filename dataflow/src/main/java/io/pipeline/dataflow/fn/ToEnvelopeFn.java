package io.pipeline.dataflow.fn;

import com.google.protobuf.UnsafeByteOperations;
import io.pipeline.dataflow.model.Envelope;
import java.util.Map;
import org.apache.beam.sdk.io.gcp.pubsub.PubsubMessage;
import org.apache.beam.sdk.transforms.DoFn;
import org.checkerframework.checker.nullness.qual.Nullable;
import org.joda.time.Instant;

/**
 * Converts Beam's Pub/Sub message to an {@link Envelope}.
 *
 * <p>A replay takes the original's message id from an attribute. The attribute is honoured only on
 * the replay subscription, because otherwise any publisher could impersonate another event.
 */
public final class ToEnvelopeFn extends DoFn<PubsubMessage, Envelope> {
  /** Attribute that carries the original's message id. */
  public static final String REPLAY_OF = "pipeline_replay_of";

  /** Longest accepted message id; table-manager has the same limit. */
  private static final int MAX_MESSAGE_ID_CHARACTERS = 128;

  private final boolean isReplay;

  public ToEnvelopeFn(boolean isReplay) {
    this.isReplay = isReplay;
  }

  /**
   * Uses the element's timestamp as publish time: the source is read without a timestamp attribute.
   */
  @ProcessElement
  public void process(
      @Element PubsubMessage message,
      @Timestamp Instant publishTime,
      OutputReceiver<Envelope> out) {
    String id = message.getMessageId();
    String pubsubId = id == null ? "" : id;
    @Nullable Map<String, String> given = message.getAttributeMap();
    Map<String, String> attributes = given == null ? Map.of() : given;
    String original = isReplay ? attributes.get(REPLAY_OF) : null;
    out.output(
        new Envelope(
            pubsubId,
            isMessageId(original) ? original : pubsubId,
            publishTime.getMillis(),
            attributes,
            UnsafeByteOperations.unsafeWrap(message.getPayload()),
            isReplay));
  }

  private static boolean isMessageId(@Nullable String text) {
    return text != null && !text.isEmpty() && text.length() <= MAX_MESSAGE_ID_CHARACTERS;
  }
}
