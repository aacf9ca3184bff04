package io.pipeline.dataflow.model;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.protobuf.ByteString;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.util.CoderUtils;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Elements survive encoding unchanged. */
class CodersTest {
  static Stream<Arguments> elements() {
    Envelope envelope =
        new Envelope(
            "9",
            "1",
            Events.PUBLISHED_MS - 3_600_000,
            Events.PUBLISHED_MS,
            Map.of("pipeline_replay_of", "1"),
            ByteString.fromHex("00ff80"),
            true);
    RoutedEvent event = new RoutedEvent(envelope, "orders", "order");
    return Stream.of(
        Arguments.of(EnvelopeCoder.of(), envelope),
        Arguments.of(EnvelopeCoder.of(), Events.envelope("1", "")),
        Arguments.of(RoutedEventCoder.of(), event),
        Arguments.of(HeldEventCoder.of(), new HeldEvent(event, Wait.WRITER, 5, "why")),
        Arguments.of(
            DeadLetterCoder.of(),
            DeadLetter.of(envelope, "NOT_JSON", "decode", "no JSON", null, null)),
        Arguments.of(
            DeadLetterCoder.of(),
            new DeadLetter("R", "s", "d", null, null, null, null, null, ByteString.EMPTY)),
        Arguments.of(HoldSummaryCoder.of(), new HoldSummary("orders", 2, 300, -5, "v1", true)));
  }

  @ParameterizedTest
  @MethodSource("elements")
  <T> void givesBackWhatItWasGiven(Coder<T> coder, T element) throws Exception {
    assertEquals(
        element,
        CoderUtils.decodeFromByteArray(coder, CoderUtils.encodeToByteArray(coder, element)));
  }
}
