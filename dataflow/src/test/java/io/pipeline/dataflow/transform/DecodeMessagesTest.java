package io.pipeline.dataflow.transform;

import static org.junit.Assert.assertEquals;

import io.pipeline.dataflow.json.EventTypeSources;
import io.pipeline.dataflow.model.DeadLetter;
import io.pipeline.dataflow.model.Envelope;
import io.pipeline.dataflow.model.EnvelopeCoder;
import io.pipeline.dataflow.model.Events;
import io.pipeline.dataflow.model.RoutedEvent;
import io.pipeline.dataflow.options.TestSettings;
import io.pipeline.dataflow.store.FakeWarehouse;
import java.util.List;
import java.util.Map;
import org.apache.beam.sdk.testing.PAssert;
import org.apache.beam.sdk.testing.TestPipeline;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.junit.Rule;
import org.junit.Test;

/** Outputs of decoding. */
public class DecodeMessagesTest {
  @Rule public final transient TestPipeline pipeline = TestPipeline.create();

  private PCollectionTuple decode(Envelope envelope) {
    return pipeline
        .apply(Create.of(envelope).withCoder(EnvelopeCoder.of()))
        .apply(
            new DecodeMessages(
                Map.of("order", "orders"),
                EventTypeSources.DEFAULT,
                new FakeWarehouse().provider(TestSettings.of())));
  }

  @Test
  public void routesAnEvent() {
    Envelope envelope = Events.envelope("1", "{\"event_type\":\"UserSignedUp\"}");

    PCollectionTuple decoded = decode(envelope);

    PAssert.that(decoded.get(DecodeMessages.ROUTED))
        .containsInAnyOrder(new RoutedEvent(envelope, "user_signed_up", "UserSignedUp"));
    PAssert.that(decoded.get(DecodeMessages.REJECTED)).empty();
    PAssert.that(decoded.get(DecodeMessages.COPIES))
        .containsInAnyOrder(List.of(KV.of("user_signed_up", envelope)));
    pipeline.run();
  }

  @Test
  public void rejectsWhatIsNoEventAndKeepsItsCopy() {
    String json = "{\"a\":1,\"a\":2}";
    Envelope envelope = Events.envelope("1", json);

    PCollectionTuple decoded = decode(envelope);

    PAssert.that(decoded.get(DecodeMessages.ROUTED)).empty();
    PAssert.thatSingleton(decoded.get(DecodeMessages.REJECTED))
        .satisfies(
            letter -> {
              DeadLetter expected =
                  DeadLetter.of(
                      Events.envelope("1", json),
                      "DUPLICATE_KEY",
                      "decode",
                      letter.detail(),
                      letter.eventType(),
                      null);
              assertEquals(expected, letter);
              return null;
            });
    PAssert.that(decoded.get(DecodeMessages.COPIES))
        .containsInAnyOrder(List.of(KV.of("_rejected", envelope)));
    pipeline.run();
  }
}
