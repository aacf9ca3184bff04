package io.pipeline.dataflow.transform;

import static io.pipeline.dataflow.store.FakeWarehouse.column;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import io.pipeline.dataflow.model.DeadLetter;
import io.pipeline.dataflow.model.Events;
import io.pipeline.dataflow.model.HeldEvent;
import io.pipeline.dataflow.model.HeldEventCoder;
import io.pipeline.dataflow.model.Wait;
import io.pipeline.dataflow.options.JobSettings;
import io.pipeline.dataflow.options.TestSettings;
import io.pipeline.dataflow.schema.ColumnType;
import io.pipeline.dataflow.store.FakeWarehouse;
import java.util.ArrayList;
import java.util.List;
import org.apache.beam.sdk.testing.PAssert;
import org.apache.beam.sdk.testing.TestPipeline;
import org.apache.beam.sdk.testing.TestStream;
import org.apache.beam.sdk.transforms.SerializableFunction;
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.TimestampedValue;
import org.joda.time.Duration;
import org.joda.time.Instant;
import org.junit.Rule;
import org.junit.Test;

/** Duration and cause of waits. */
public class HoldEventsTest {
  private static final Duration WAIT = Duration.standardMinutes(10);
  private static final Duration POLL = Duration.standardSeconds(1);

  @Rule public final transient TestPipeline pipeline = TestPipeline.create();
  private final transient FakeWarehouse warehouse = new FakeWarehouse();

  private static HeldEvent held(String id, String json, String table) {
    return new HeldEvent(
        Events.event(id, json, table, Events.PUBLISHED_MS),
        Wait.SCHEMA,
        Events.PUBLISHED_MS,
        "test");
  }

  /** A stream whose clock starts at the publish time; Beam's starts at the minimum timestamp. */
  private static TestStream.Builder<HeldEvent> stream() {
    Instant now = Instant.ofEpochMilli(Events.PUBLISHED_MS);
    return TestStream.create(HeldEventCoder.of())
        .advanceProcessingTime(new Duration(BoundedWindow.TIMESTAMP_MIN_VALUE, now));
  }

  private static TimestampedValue<HeldEvent> at(HeldEvent event) {
    return TimestampedValue.of(event, Instant.ofEpochMilli(Events.PUBLISHED_MS));
  }

  private PCollection<DeadLetter> hold(JobSettings settings, TestStream<HeldEvent> events) {
    return pipeline.apply(events).apply(new HoldEvents(warehouse.provider(settings), settings));
  }

  private static SerializableFunction<Iterable<DeadLetter>, Void> reasons(String... expected) {
    return letters -> {
      List<String> reasons = new ArrayList<>();
      letters.forEach(letter -> reasons.add(letter.reason()));
      assertEquals(List.of(expected), reasons);
      return null;
    };
  }

  @Test
  public void storesAnEventWhenItsTableIsThere() {
    warehouse.put("orders", column("total", ColumnType.INT64));

    PCollection<DeadLetter> dead =
        hold(
            TestSettings.of(),
            stream()
                .addElements(at(held("1", "{\"total\":1}", "orders")))
                .advanceProcessingTime(POLL)
                .advanceWatermarkToInfinity());

    PAssert.that(dead).empty();
    pipeline.run();
    assertEquals(List.of("1"), warehouse.messageIds("orders"));
    assertTrue(warehouse.rows().get(0).values().get("total").equals(1L));
  }

  @Test
  public void storesWithOverflowAtTheFirstPollWhateverColumnIsMissing() {
    warehouse.put("orders");

    PCollection<DeadLetter> dead =
        hold(
            TestSettings.of(),
            stream()
                .addElements(at(held("1", "{\"total\":1}", "orders")))
                .advanceProcessingTime(POLL)
                .advanceWatermarkToInfinity());

    PAssert.that(dead).empty();
    pipeline.run();
    assertTrue(
        warehouse.rows().get(0).values().get("_overflow").toString().contains("AWAITING_COLUMN"));
  }

  @Test
  public void givesUpAtTheWaitLimitWhereThereIsNoTable() {
    PCollection<DeadLetter> dead =
        hold(
            TestSettings.of("--drainWaitSeconds=600"),
            stream()
                .addElements(at(held("1", "{}", "missing")))
                .advanceProcessingTime(POLL)
                .advanceProcessingTime(WAIT)
                .advanceWatermarkToInfinity());

    PAssert.that(dead).satisfies(reasons("TABLE_MISSING"));
    pipeline.run();
  }

  @Test
  public void looksAtTheEventsOnlyWhenTheTableIsAnotherOne() {
    warehouse.put("orders");
    TestStream.Builder<HeldEvent> polled =
        stream().addElements(at(held("1", "{\"total\":1}", "orders")));
    for (int second = 0; second < 20; second++) {
      polled = polled.advanceProcessingTime(POLL);
    }

    hold(TestSettings.of(), polled.advanceWatermarkToInfinity());

    pipeline.run();
    assertEquals(
        "only the one at the end",
        1,
        warehouse.calls().stream().filter(call -> call.startsWith("append")).count());
  }

  @Test
  public void quarantinesAtTheFirstPollWhileTheGuardIsOn() {
    warehouse.guard(true);

    PCollection<DeadLetter> dead =
        hold(
            TestSettings.of(),
            stream()
                .addElements(at(held("1", "{}", "never_seen")))
                .advanceProcessingTime(POLL)
                .advanceWatermarkToInfinity());

    PAssert.that(dead).empty();
    pipeline.run();
    assertEquals("1", warehouse.quarantined().get(0).get("message_id"));
  }

  @Test
  public void delaysNoOtherTable() {
    warehouse.put("orders");

    PCollection<DeadLetter> dead =
        hold(
            TestSettings.of(),
            stream()
                .addElements(at(held("waiting", "{}", "missing")), at(held("1", "{}", "orders")))
                .advanceProcessingTime(POLL)
                .addElements(at(held("2", "{}", "orders")))
                .advanceProcessingTime(POLL)
                .advanceWatermarkToInfinity());

    PAssert.that(dead).satisfies(reasons("TABLE_MISSING"));
    pipeline.run();
    assertEquals(List.of("1", "2"), warehouse.messageIds("orders"));
  }

  @Test
  public void bringsEverythingToAnEndWhenDrained() {
    warehouse.put("orders");

    PCollection<DeadLetter> dead =
        hold(
            TestSettings.of(),
            stream()
                .addElements(at(held("1", "{\"total\":1}", "orders")))
                .addElements(at(held("2", "{}", "missing")))
                .advanceWatermarkToInfinity());

    PAssert.that(dead).satisfies(reasons("TABLE_MISSING"));
    pipeline.run();
    assertEquals(List.of("1"), warehouse.messageIds("orders"));
  }

  @Test
  public void letsNoMoreWaitThanThereIsRoomFor() {
    warehouse.put("orders");
    TestStream.Builder<HeldEvent> events = stream();
    for (int i = 0; i < 3; i++) {
      events = events.addElements(at(held("m" + i, "{\"total\":1}", "orders")));
    }

    PCollection<DeadLetter> dead =
        hold(
            TestSettings.of("--holdEvents=2"),
            events.addElements(at(held("late", "{}", "orders"))).advanceWatermarkToInfinity());

    PAssert.that(dead).empty();
    pipeline.run();
    assertEquals(4, warehouse.messageIds("orders").size());
    assertEquals("m2", warehouse.messageIds("orders").get(0));
  }
}
