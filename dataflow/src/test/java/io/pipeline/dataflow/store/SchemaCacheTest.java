package io.pipeline.dataflow.store;

import static io.pipeline.dataflow.store.FakeWarehouse.column;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.pipeline.dataflow.schema.ColumnType;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Number of reads, and cached values in between. */
class SchemaCacheTest {
  private static final Duration REFRESH = Duration.ofSeconds(60);
  private static final Duration POLL = Duration.ofSeconds(5);

  private final AtomicLong clock = new AtomicLong();
  private final FakeWarehouse warehouse = new FakeWarehouse();
  private final SchemaCache cache = new SchemaCache(warehouse, REFRESH, POLL, 10, clock::get);

  private void pass(Duration time) {
    clock.addAndGet(time.toNanos());
  }

  private int reads() {
    return warehouse.calls().size();
  }

  @Test
  void readsAKnownTableOnceForEachRefresh() {
    warehouse.put("orders");
    TableView first = cache.get("orders");
    pass(REFRESH.minusNanos(1));
    assertSame(first, cache.get("orders"));
    assertEquals(1, reads());

    pass(Duration.ofNanos(1));
    assertSame(first, cache.get("orders"), "the same schema is the same table");
    assertEquals(2, reads());
  }

  @Test
  void looksForAMissingTableOnceForEachPoll() {
    assertInstanceOf(TableView.Missing.class, cache.get("orders"));
    warehouse.put("orders");
    assertInstanceOf(TableView.Missing.class, cache.get("orders"));
    pass(POLL);

    assertInstanceOf(TableView.Present.class, cache.get("orders"));
    assertEquals(2, reads());
  }

  @Test
  void remembersThatAMissingTableWasThere() {
    assertEquals(new TableView.Missing(false), cache.get("orders"));
    warehouse.put("orders");
    pass(POLL);
    cache.get("orders");
    warehouse.remove("orders");

    assertEquals(new TableView.Missing(true), cache.lookAgain("orders"));
    pass(POLL);
    assertEquals(new TableView.Missing(true), cache.get("orders"));
  }

  @Test
  void looksForAColumnOnceForEachPoll() {
    warehouse.put("orders");
    TableView first = cache.get("orders");
    warehouse.put("orders", column("total", ColumnType.INT64));
    assertSame(first, cache.look("orders"));
    pass(POLL);

    assertNotEquals(first, cache.look("orders"));
    assertEquals(2, reads());
  }

  @Test
  void looksAgainAtOnceWhenAnAppendWasRefused() {
    warehouse.put("orders");
    cache.get("orders");
    pass(Duration.ofNanos(1));

    cache.lookAgain("orders");

    assertEquals(2, reads());
  }

  @Test
  void goesOnWithWhatItKnowsWhileBigQueryCannotBeRead() {
    warehouse.put("orders");
    TableView known = cache.get("orders");
    warehouse.readable(false);
    pass(REFRESH);

    assertSame(known, cache.get("orders"));
    assertEquals(new TableView.Unreadable("no route to BigQuery"), cache.get("never.read"));
  }

  @Test
  void readsOnceForManyThreads() throws Exception {
    AtomicInteger reading = new AtomicInteger();
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch mayEnd = new CountDownLatch(1);
    TableReader slow =
        table -> {
          reading.incrementAndGet();
          begun.countDown();
          try {
            mayEnd.await();
          } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
          }
          return Optional.of(FakeWarehouse.schema());
        };
    SchemaCache shared = new SchemaCache(slow, REFRESH, POLL, 10, clock::get);
    ExecutorService threads = Executors.newFixedThreadPool(8);
    try {
      List<Future<TableView>> views =
          IntStream.range(0, 8)
              .mapToObj(thread -> threads.submit(() -> shared.get("orders")))
              .toList();
      begun.await();
      mayEnd.countDown();
      for (Future<TableView> view : views) {
        assertSame(views.get(0).get(), view.get());
      }
    } finally {
      threads.shutdownNow();
    }
    assertEquals(1, reading.get());
  }
}
