package io.pipeline.dataflow.fn;

import com.google.protobuf.UnsafeByteOperations;
import io.pipeline.dataflow.model.Envelope;
import java.time.format.DateTimeParseException;
import java.util.Map;
import org.apache.beam.sdk.io.gcp.pubsub.PubsubMessage;
import org.apache.beam.sdk.transforms.DoFn;
import org.checkerframework.checker.nullness.qual.Nullable;
import org.joda.time.Instant;

/**
 * Converts Beam's Pub/Sub message to an {@link Envelope}.
 *
 * <p>A replay takes the original's message id and publish time from attributes, so that all copies
 * of an event have the same. The attributes are honoured only on the replay subscription, because
 * otherwise any publisher could impersonate another event. An invalid one is ignored.
 */
public final class ToEnvelopeFn extends DoFn<PubsubMessage, Envelope> {
  /** Attribute that carries the original's message id. */
  public static final String REPLAY_OF = "pipeline_replay_of";

  /** Attribute that carries the original's publish time, RFC 3339. */
  public static final String REPLAY_PUBLISH_TIME = "pipeline_replay_publish_time";

  /** Longest accepted message id; table-manager has the same limit. */
  private static final int MAX_MESSAGE_ID_CHARACTERS = 128;

  private final boolean isReplay;

  public ToEnvelopeFn(boolean isReplay) {
    this.isReplay = isReplay;
  }

  /**
   * Uses the element's timestamp as delivery time: the source is read without a timestamp
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
            isReplay
                ? originalTimeMs(attributes.get(REPLAY_PUBLISH_TIME), publishTime)
                : publishTime.getMillis(),
            publishTime.getMillis(),
            attributes,
            UnsafeByteOperations.unsafeWrap(message.getPayload()),
            isReplay));
  }

  /** Truncated to milliseconds, as Beam truncates the original's publish time. */
  private static long originalTimeMs(@Nullable String text, Instant delivered) {
    if (text == null) {
      return delivered.getMillis();
    }
    try {
      long original = java.time.Instant.parse(text).toEpochMilli();
      return original >= 0 && original <= delivered.getMillis() ? original : delivered.getMillis();
    } catch (DateTimeParseException | ArithmeticException invalid) {
      return delivered.getMillis();
    }
  }

  private static boolean isMessageId(@Nullable String text) {
    return text != null && !text.isEmpty() && text.length() <= MAX_MESSAGE_ID_CHARACTERS;
  }
}
