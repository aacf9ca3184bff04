package io.pipeline.dataflow.model;

import com.google.protobuf.ByteString;
import java.util.Map;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * A message that cannot become a row, with everything needed to replay it. Unknown fields are null.
 *
 * @param reason a code of decode, {@code TOO_LARGE}, or {@link DeadLetterReason}
 * @param stage {@code decode}, {@code fit} or {@code append}
 * @param detail for people; contains no value of the event
 * @param publishTime RFC 3339
 */
public record DeadLetter(
    String reason,
    String stage,
    String detail,
    @Nullable String eventType,
    @Nullable String table,
    @Nullable String messageId,
    @Nullable String publishTime,
    @Nullable Map<String, String> attributes,
    ByteString data) {

  public static DeadLetter of(
      Envelope envelope,
      String reason,
      String stage,
      String detail,
      @Nullable String eventType,
      @Nullable String table) {
    return new DeadLetter(
        reason,
        stage,
        detail,
        eventType,
        table,
        envelope.messageId(),
        envelope.publishTime(),
        envelope.attributes(),
        envelope.data());
  }
}
