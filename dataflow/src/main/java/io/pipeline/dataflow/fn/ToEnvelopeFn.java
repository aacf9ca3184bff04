package io.pipeline.dataflow.fn;

import com.google.protobuf.UnsafeByteOperations;
import io.pipeline.dataflow.model.Envelope;
import java.util.Map;
import org.apache.beam.sdk.io.gcp.pubsub.PubsubMessage;
import org.apache.beam.sdk.transforms.DoFn;
import org.checkerframework.checker.nullness.qual.Nullable;
import org.joda.time.Instant;

/**
 * From Beam's message to ours.
 *
 * <p>A replay takes the id of the original from its attribute. That is honoured only on what comes
 * by the replay subscription: else anyone who may publish could take another event's place.
 */
public final class ToEnvelopeFn extends DoFn<PubsubMessage, Envelope> {
  /** Attribute with the message id of the original. */
  public static final String REPLAY_OF = "pipeline_replay_of";

  /** As long as a message id may be; the same limit as table-manager's. */
  private static final int MAX_MESSAGE_ID_CHARACTERS = 128;

  private final boolean isReplay;

  /** For the messages of the replay subscription, or of the other. */
  public ToEnvelopeFn(boolean isReplay) {
    this.isReplay = isReplay;
  }

  /**
   * The element's timestamp is the publish time: Beam's source is read without a timestamp
   * attribute.
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
