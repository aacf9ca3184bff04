package io.pipeline.dataflow.transform;

import static io.pipeline.dataflow.store.FakeWarehouse.column;
import static org.junit.Assert.assertEquals;

import io.pipeline.dataflow.model.DeadLetter;
import io.pipeline.dataflow.model.Events;
import io.pipeline.dataflow.model.HeldEvent;
import io.pipeline.dataflow.model.RoutedEvent;
import io.pipeline.dataflow.model.RoutedEventCoder;
import io.pipeline.dataflow.model.Wait;
import io.pipeline.dataflow.options.JobSettings;
import io.pipeline.dataflow.options.TestSettings;
import io.pipeline.dataflow.schema.ColumnType;
import io.pipeline.dataflow.store.FakeWarehouse;
import java.util.List;
import org.apache.beam.sdk.testing.PAssert;
import org.apache.beam.sdk.testing.TestPipeline;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.SerializableFunction;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.junit.Rule;
import org.junit.Test;

/** Outcomes of a bundle. */
public class StoreEventsTest {
  private static final long LONG_AGO_MS = 1_000_000_000_000L;

  @Rule public final transient TestPipeline pipeline = TestPipeline.create();
  private final transient JobSettings settings = TestSettings.of();
  private final transient FakeWarehouse warehouse = new FakeWarehouse();

  private PCollectionTuple store(RoutedEvent... events) {
    return pipeline
        .apply(Create.of(List.of(events)).withCoder(RoutedEventCoder.of()))
        .apply(new StoreEvents(warehouse.provider(settings)));
  }

  @Test
  public void storesHoldsAndGivesUp() {
    warehouse.put("orders", column("total", ColumnType.INT64));
    long now = System.currentTimeMillis();

    PCollectionTuple outcome =
        store(
            Events.event("row", "{\"total\":1}", "orders", now),
            Events.event("column", "{\"note\":\"x\"}", "orders", now),
            Events.event("table", "{}", "new_table", now),
            Events.event("late", "{}", "new_table", LONG_AGO_MS));

    PAssert.that(outcome.get(StoreEvents.HELD))
        .satisfies(
            (SerializableFunction<Iterable<HeldEvent>, Void>)
                held -> {
                  int count = 0;
                  for (HeldEvent one : held) {
                    assertEquals(Wait.SCHEMA, one.waitsFor());
                    count++;
                  }
                  assertEquals(1, count);
                  return null;
                });
    PAssert.that(outcome.get(StoreEvents.DEAD))
        .satisfies(
            (SerializableFunction<Iterable<DeadLetter>, Void>)
                dead -> {
                  DeadLetter letter = dead.iterator().next();
                  assertEquals("late", letter.messageId());
                  assertEquals("TABLE_MISSING", letter.reason());
                  return null;
                });
    pipeline.run();
    assertEquals(
        List.of("column", "row"), warehouse.messageIds("orders").stream().sorted().toList());
  }

  @Test
  public void storesADuplicateTwiceForTheViewToRecognise() {
    warehouse.put("orders");
    long now = System.currentTimeMillis();

    PCollectionTuple outcome =
        store(Events.event("1", "{}", "orders", now), Events.event("1", "{}", "orders", now));

    PAssert.that(outcome.get(StoreEvents.HELD)).empty();
    PAssert.that(outcome.get(StoreEvents.DEAD)).empty();
    pipeline.run();
    assertEquals(List.of("1", "1"), warehouse.messageIds("orders"));
  }
}
