package io.pipeline.dataflow.transform;

import com.google.protobuf.ByteString;
import io.pipeline.dataflow.model.Envelope;
import io.pipeline.dataflow.model.Events;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.apache.beam.sdk.io.gcp.pubsub.PubsubMessage;
import org.apache.beam.sdk.io.gcp.pubsub.PubsubMessageWithAttributesAndMessageIdCoder;
import org.apache.beam.sdk.testing.PAssert;
import org.apache.beam.sdk.testing.TestPipeline;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.values.TimestampedValue;
import org.joda.time.Instant;
import org.junit.Rule;
import org.junit.Test;

/** Message ids and replay attributes. */
public class ToEnvelopesTest {
  private static final Map<String, String> REPLAY = Map.of("pipeline_replay_of", "original");

  @Rule public final transient TestPipeline pipeline = TestPipeline.create();

  private Create.TimestampedValues<PubsubMessage> message(Map<String, String> attributes) {
    PubsubMessage message =
        new PubsubMessage("{}".getBytes(StandardCharsets.UTF_8), attributes, "9");
    return Create.timestamped(
            TimestampedValue.of(message, Instant.ofEpochMilli(Events.PUBLISHED_MS)))
        .withCoder(PubsubMessageWithAttributesAndMessageIdCoder.of());
  }

  private static Envelope envelope(
      String messageId, Map<String, String> attributes, boolean isReplay) {
    return envelope(messageId, Events.PUBLISHED_MS, attributes, isReplay);
  }

  private static Envelope envelope(
      String messageId, long publishedMs, Map<String, String> attributes, boolean isReplay) {
    return new Envelope(
        "9",
        messageId,
        publishedMs,
        Events.PUBLISHED_MS,
        attributes,
        ByteString.copyFromUtf8("{}"),
        isReplay);
  }

  private static Map<String, String> replayOf(String publishTime) {
    return Map.of("pipeline_replay_of", "original", "pipeline_replay_publish_time", publishTime);
  }

  private void check(ToEnvelopes step, Map<String, String> attributes, Envelope expected) {
    PAssert.that(pipeline.apply(message(attributes)).apply(step)).containsInAnyOrder(expected);
    pipeline.run();
  }

  @Test
  public void givesAnEventTheIdOfItsMessage() {
    check(ToEnvelopes.ofEvents(), Map.of("k", "v"), envelope("9", Map.of("k", "v"), false));
  }

  @Test
  public void givesAReplayTheIdOfTheOriginal() {
    check(ToEnvelopes.ofReplays(), REPLAY, envelope("original", REPLAY, true));
  }

  @Test
  public void givesAReplayThePublishTimeOfTheOriginal() {
    Map<String, String> attributes = replayOf("2026-11-20T08:00:00.123456Z");
    long originalMs = java.time.Instant.parse("2026-11-20T08:00:00.123Z").toEpochMilli();

    check(ToEnvelopes.ofReplays(), attributes, envelope("original", originalMs, attributes, true));
  }

  @Test
  public void ignoresThePublishTimeOfAReplayOnTheEventSubscription() {
    Map<String, String> attributes = replayOf("2026-11-20T08:00:00Z");

    check(ToEnvelopes.ofEvents(), attributes, envelope("9", attributes, false));
  }

  @Test
  public void ignoresAPublishTimeThatIsNotATime() {
    Map<String, String> attributes = replayOf("yesterday");

    check(ToEnvelopes.ofReplays(), attributes, envelope("original", attributes, true));
  }

  @Test
  public void ignoresAPublishTimeAfterTheReplay() {
    Map<String, String> attributes = replayOf("2200-01-01T00:00:00Z");

    check(ToEnvelopes.ofReplays(), attributes, envelope("original", attributes, true));
  }

  @Test
  public void ignoresTheReplayIdOnTheEventSubscription() {
    check(ToEnvelopes.ofEvents(), REPLAY, envelope("9", REPLAY, false));
  }

  @Test
  public void ignoresAnOverlongReplayId() {
    Map<String, String> attributes = Map.of("pipeline_replay_of", "x".repeat(129));
    check(ToEnvelopes.ofReplays(), attributes, envelope("9", attributes, true));
  }
}
