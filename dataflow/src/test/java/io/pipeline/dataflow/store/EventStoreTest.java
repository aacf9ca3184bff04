package io.pipeline.dataflow.store;

import static io.pipeline.dataflow.store.FakeWarehouse.column;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import io.pipeline.dataflow.json.Event;
import io.pipeline.dataflow.json.EventDecoder;
import io.pipeline.dataflow.json.EventMatcher;
import io.pipeline.dataflow.json.EventTypeSources;
import io.pipeline.dataflow.model.DeadLetter;
import io.pipeline.dataflow.model.Envelope;
import io.pipeline.dataflow.model.Events;
import io.pipeline.dataflow.model.HeldEvent;
import io.pipeline.dataflow.model.RoutedEvent;
import io.pipeline.dataflow.model.Wait;
import io.pipeline.dataflow.options.JobSettings;
import io.pipeline.dataflow.options.TestSettings;
import io.pipeline.dataflow.schema.Column;
import io.pipeline.dataflow.schema.ColumnType;
import io.pipeline.dataflow.schema.EventRouter;
import io.pipeline.dataflow.schema.NewTables;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Outcomes of events without Beam: stored, held or rejected. */
class EventStoreTest {
  private static final long NOW_MS = Events.PUBLISHED_MS + 1_000;
  private static final long OVER_MS = Events.PUBLISHED_MS + 600_000;
  private static final Column TOTAL = column("total", ColumnType.INT64);
  private static final Column NOTE = column("note", ColumnType.STRING);

  private final JobSettings settings = TestSettings.of("--appendRows=3");
  private final FakeWarehouse warehouse = new FakeWarehouse();
  private final EventStore store = warehouse.open(settings);
  private final Map<String, Long> counts = new TreeMap<>();

  private final StoreMetrics metrics =
      new StoreMetrics() {
        @Override
        public void count(String name, long count) {
          counts.merge(name, count, Long::sum);
        }

        @Override
        public void measure(String name, long value) {}
      };

  private StoreResult store(long nowMs, RoutedEvent... events) {
    StoreSession session = store.open(new StoreContext(nowMs, false), metrics);
    List.of(events).forEach(session::add);
    return session.finish();
  }

  private StoreResult again(StoreContext context, List<HeldEvent> held) {
    StoreSession session = store.open(context, metrics);
    held.forEach(session::add);
    return session.finish();
  }

  private static List<String> reasons(StoreResult result) {
    return result.dead().stream().map(DeadLetter::reason).toList();
  }

  @Test
  void storesWhatTheTableTakes() {
    warehouse.put("orders", TOTAL);

    StoreResult result = store(NOW_MS, Events.event("1", "{\"total\":7}"));

    assertEquals(new StoreResult(1, 0, List.of(), List.of()), result);
    Map<String, Object> row = warehouse.rows().get(0).values();
    assertEquals("1", row.get("_message_id"));
    assertEquals(Events.PUBLISHED_MS * 1_000, row.get("_publish_time"));
    assertEquals(NOW_MS * 1_000, row.get("_ingest_time"));
    assertEquals("order", row.get("_event_type"));
    assertEquals("{\"event_type\":\"order\"}", row.get("_attributes"));
    assertEquals(7L, row.get("total"));
    assertFalse(row.containsKey("_overflow"));
  }

  @Test
  void gathersRowsOfOneTableIntoAppends() {
    warehouse.put("orders", TOTAL);
    RoutedEvent[] events =
        IntStream.range(0, 7)
            .mapToObj(i -> Events.event("m" + i, "{\"total\":" + i + "}"))
            .toArray(RoutedEvent[]::new);

    assertEquals(7, store(NOW_MS, events).stored());

    assertEquals(
        List.of("append orders 3", "append orders 3", "append orders 1"),
        warehouse.calls().stream().filter(call -> call.startsWith("append")).toList());
    assertEquals(7L, counts.get("stored"));
  }

  @Test
  void holdsAnEventUntilItsTableIsThere() {
    StoreResult first = store(NOW_MS, Events.event("1", "{\"total\":7}"));
    assertEquals(Wait.SCHEMA, first.held().get(0).waitsFor());

    warehouse.put("orders", TOTAL);

    assertEquals(1, again(new StoreContext(NOW_MS + 5, false), first.held()).stored());
  }

  @Test
  void writesAValueWithoutAColumnToTheOverflowAtOnce() {
    warehouse.put("orders", TOTAL);

    StoreResult result =
        store(
            NOW_MS,
            Events.event("1", "{\"total\":7}"),
            Events.event("2", "{\"total\":7,\"note\":\"x\"}"));

    assertEquals(new StoreResult(2, 0, List.of(), List.of()), result);
    assertEquals(List.of("1", "2"), warehouse.messageIds("orders"));
    assertEquals(
        "{\"/note\":{\"reason\":\"AWAITING_COLUMN\",\"value\":\"x\"}}",
        warehouse.rows().get(1).values().get("_overflow"));
    assertEquals(1L, counts.get("AWAITING_COLUMN"));
  }

  @Test
  void holdsARowThatLacksAColumnUntilTheGraceIsOver() {
    warehouse.put("orders", TOTAL);
    EventStore waiting = warehouse.open(TestSettings.of("--columnGraceSeconds=60"));

    StoreSession first = waiting.open(new StoreContext(NOW_MS, false), metrics);
    first.add(Events.event("1", "{\"total\":7}"));
    first.add(Events.event("2", "{\"total\":7,\"note\":\"x\"}"));
    StoreResult held = first.finish();
    assertEquals(1, held.stored());
    assertEquals(List.of(Wait.COLUMN), held.held().stream().map(HeldEvent::waitsFor).toList());

    StoreSession second =
        waiting.open(new StoreContext(Events.PUBLISHED_MS + 60_000, false), metrics);
    held.held().forEach(second::add);

    assertEquals(1, second.finish().stored());
    assertEquals(
        "{\"/note\":{\"reason\":\"AWAITING_COLUMN\",\"value\":\"x\"}}",
        warehouse.rows().get(1).values().get("_overflow"));
  }

  @Test
  void writesAHeldRowWholeOnceItsColumnExists() {
    warehouse.put("orders", TOTAL);
    EventStore waiting = warehouse.open(TestSettings.of("--columnGraceSeconds=60"));
    StoreSession first = waiting.open(new StoreContext(NOW_MS, false), metrics);
    first.add(Events.event("1", "{\"total\":7,\"note\":\"x\"}"));
    StoreResult held = first.finish();

    warehouse.put("orders", TOTAL, NOTE);
    StoreSession second = waiting.open(new StoreContext(NOW_MS + 5_000, false), metrics);
    held.held().forEach(second::add);

    assertEquals(1, second.finish().stored());
    Map<String, Object> row = warehouse.rows().get(0).values();
    assertEquals("x", row.get("note"));
    assertFalse(row.containsKey("_overflow"));
  }

  @Test
  void holdsARowWhoseColumnWritersDoNotKnowUntilTheGraceIsOver() {
    warehouse.put("orders", TOTAL);
    EventStore waiting = warehouse.open(TestSettings.of("--columnGraceSeconds=60"));
    StoreSession known = waiting.open(new StoreContext(NOW_MS, false), metrics);
    known.add(Events.event("0", "{\"total\":0}"));
    known.finish();
    warehouse.putForReaders("orders", TOTAL, NOTE);

    StoreSession first = waiting.open(new StoreContext(NOW_MS, false), metrics);
    first.add(Events.event("old", "{\"total\":7}"));
    first.add(Events.event("new", "{\"total\":7,\"note\":\"x\"}"));
    StoreResult held = first.finish();
    assertEquals(List.of("0", "old"), warehouse.messageIds("orders"));
    assertEquals(List.of(Wait.WRITER), held.held().stream().map(HeldEvent::waitsFor).toList());

    StoreSession second =
        waiting.open(new StoreContext(Events.PUBLISHED_MS + 60_000, false), metrics);
    held.held().forEach(second::add);

    assertEquals(1, second.finish().stored());
    assertTrue(
        warehouse.rows().get(2).values().get("_overflow").toString().contains("AWAITING_COLUMN"));
  }

  @Test
  void writesAValueThatNeedsAWiderColumnToTheOverflowAtOnce() {
    warehouse.put("orders", TOTAL);

    assertEquals(1, store(NOW_MS, Events.event("1", "{\"total\":7.5}")).stored());

    assertEquals(
        "{\"/total\":{\"reason\":\"AWAITING_COLUMN\",\"value\":7.5}}",
        warehouse.rows().get(0).values().get("_overflow"));
  }

  @Test
  void givesUpAnEventWhoseTableDidNotCome() {
    StoreResult result = store(OVER_MS, Events.event("1", "{}"));

    assertEquals(List.of("TABLE_MISSING"), reasons(result));
    assertEquals("orders", result.dead().get(0).table());
  }

  @Test
  void countsTheWaitOfAReplayFromItsDeliveryAndKeepsThePublishTimeOfTheOriginal() {
    long originalMs = NOW_MS - 86_400_000;
    RoutedEvent replay =
        new RoutedEvent(
            new Envelope(
                "9",
                "1",
                originalMs,
                Events.PUBLISHED_MS,
                Map.of("event_type", "order"),
                ByteString.copyFromUtf8("{\"total\":7}"),
                true),
            "orders",
            "order");

    StoreResult first = store(NOW_MS, replay);
    assertEquals(Wait.SCHEMA, first.held().get(0).waitsFor());

    warehouse.put("orders", TOTAL);
    again(new StoreContext(NOW_MS + 5, false), first.held());
    assertEquals(originalMs * 1_000, warehouse.rows().get(0).values().get("_publish_time"));
  }

  @Test
  void waitsForNothingThatCannotCome() {
    warehouse.put("orders", TOTAL).close("orders");

    StoreResult result =
        store(
            NOW_MS,
            Events.event("closed", "{\"note\":\"x\"}"),
            Events.event("conflict", "{\"total\":\"seven\"}"));

    assertEquals(new StoreResult(2, 0, List.of(), List.of()), result);
    assertEquals(1L, counts.get("SCHEMA_CLOSED"));
    assertEquals(1L, counts.get("TYPE_CONFLICT"));
  }

  @Test
  void holdsAnEventWhileBigQueryCannotBeRead() {
    warehouse.readable(false);

    StoreResult first = store(NOW_MS, Events.event("1", "{}"));
    assertEquals(Wait.WRITER, first.held().get(0).waitsFor());

    StoreResult last = again(new StoreContext(NOW_MS + 600_000, false), first.held());
    assertEquals(List.of("APPEND_FAILED"), reasons(last));
  }

  @Test
  void waitsForWritersThatDoNotKnowTheTableYet() {
    warehouse.putForReaders("orders", TOTAL);

    StoreResult first = store(NOW_MS, Events.event("1", "{\"total\":7}"));
    assertEquals(Wait.WRITER, first.held().get(0).waitsFor());

    warehouse.put("orders", TOTAL);
    StoreResult paused = again(new StoreContext(NOW_MS + 1, false), first.held());
    assertEquals(first.held(), paused.held(), "not tried again at once");
    assertEquals(1, again(new StoreContext(NOW_MS + 60_000, false), paused.held()).stored());
  }

  @Test
  void writesWithTheVersionThatWritersKnowWhileTheyDoNotKnowTheNewColumn() {
    warehouse.put("orders", TOTAL);
    store(NOW_MS, Events.event("0", "{\"total\":0}"));
    warehouse.putForReaders("orders", TOTAL, NOTE);

    StoreResult result =
        store(
            NOW_MS,
            Events.event("old", "{\"total\":7}"),
            Events.event("new", "{\"total\":7,\"note\":\"x\"}"));

    assertEquals(2, result.stored());
    assertEquals(List.of("0", "old", "new"), warehouse.messageIds("orders"));
    Map<String, Object> row = warehouse.rows().get(2).values();
    assertEquals(7L, row.get("total"));
    assertTrue(row.get("_overflow").toString().contains("AWAITING_COLUMN"));
  }

  @Test
  void asksWritersForTheirVersionIfNoneWasAccepted() {
    warehouse.put("orders", TOTAL).putForReaders("orders", TOTAL, NOTE);

    StoreResult result = store(NOW_MS, Events.event("1", "{\"total\":7,\"note\":\"x\"}"));

    assertEquals(1, result.stored());
    Map<String, Object> row = warehouse.rows().get(0).values();
    assertEquals(7L, row.get("total"));
    assertFalse(row.containsKey("note"));
  }

  @Test
  void fitsToTheOlderTypeThatWritersKnowOfAWidenedColumn() {
    warehouse
        .put("orders", TOTAL)
        .putForReaders("orders", column("total", ColumnType.NUMERIC))
        .answer(new AppendAnswer.Refused("INVALID_ARGUMENT: total is not a string"));

    StoreResult result =
        store(
            NOW_MS,
            Events.event("whole", "{\"total\":7}"),
            Events.event("fraction", "{\"total\":7.5}"));

    assertEquals(new StoreResult(2, 0, List.of(), List.of()), result);
    assertEquals(7L, warehouse.rows().get(0).values().get("total"));
    assertTrue(
        warehouse.rows().get(1).values().get("_overflow").toString().contains("AWAITING_COLUMN"));
  }

  @Test
  void triesTheNewVersionAgainAfterTheBackoff() {
    warehouse.put("orders", TOTAL);
    store(NOW_MS, Events.event("0", "{\"total\":0}"));
    warehouse.putForReaders("orders", TOTAL, NOTE);
    store(NOW_MS, Events.event("1", "{\"note\":\"x\"}"));
    warehouse.put("orders", TOTAL, NOTE);

    store(NOW_MS + 60_000, Events.event("2", "{\"note\":\"x\"}"));

    assertEquals("x", warehouse.rows().get(2).values().get("note"));
  }

  @Test
  void givesUpWhenWritersNeverLearnOfTheTable() {
    warehouse.putForReaders("orders", TOTAL);
    StoreResult held = store(NOW_MS, Events.event("1", "{\"total\":7}"));

    StoreResult last = again(new StoreContext(NOW_MS + 600_000, false), held.held());

    assertEquals(List.of("TABLE_MISSING"), reasons(last));
  }

  @Test
  void sendsTheGoodRowsAgainAndGivesUpTheRefusedOne() {
    warehouse
        .put("orders", TOTAL)
        .answer(new AppendAnswer.RowsRefused(Map.of(1, "Cannot convert value")));

    StoreResult result =
        store(
            NOW_MS,
            Events.event("0", "{\"total\":0}"),
            Events.event("1", "{\"total\":1}"),
            Events.event("2", "{\"total\":2}"));

    assertEquals(2, result.stored());
    assertEquals(List.of("0", "2"), warehouse.messageIds("orders"));
    assertEquals(List.of("APPEND_REJECTED"), reasons(result));
    assertEquals("Cannot convert value", result.dead().get(0).detail());
  }

  @Test
  void halvesARefusedAppendUntilTheRowIsAlone() {
    warehouse
        .put("orders", TOTAL)
        .answer(
            new AppendAnswer.Refused("bad request"),
            new AppendAnswer.Refused("bad request"),
            new AppendAnswer.Stored());

    StoreResult result =
        store(
            NOW_MS,
            Events.event("0", "{\"total\":0}"),
            Events.event("1", "{\"total\":1}"),
            Events.event("2", "{\"total\":2}"));

    assertEquals(2, result.stored());
    assertEquals(List.of("APPEND_REJECTED"), reasons(result));
  }

  @Test
  void fitsAgainWhenTheTableWasChangedByHand() {
    warehouse.put("orders", TOTAL);
    EventStore cached =
        new EventStore(
            settings,
            new SchemaCache(
                warehouse,
                java.time.Duration.ofHours(1),
                java.time.Duration.ofHours(1),
                10,
                System::nanoTime),
            warehouse);
    cached.schemas.get("orders");
    warehouse
        .put("orders", column("total", ColumnType.STRING))
        .answer(new AppendAnswer.RowsRefused(Map.of(0, "total is a STRING")));

    StoreSession session = cached.open(new StoreContext(NOW_MS, false), metrics);
    session.add(Events.event("1", "{\"total\":7}"));
    StoreResult result = session.finish();

    assertEquals(1, result.stored());
    assertTrue(
        warehouse.rows().get(0).values().get("_overflow").toString().contains("TYPE_CONFLICT"));
  }

  @Test
  void triesUntilTheLimitWhenBigQueryIsAway() {
    AppendAnswer away = new AppendAnswer.Unavailable("UNAVAILABLE: connection refused");
    warehouse.put("orders", TOTAL).answer(away, away);

    StoreResult first = store(NOW_MS, Events.event("1", "{\"total\":7}"));
    StoreResult last = again(new StoreContext(NOW_MS + 600_000, false), first.held());

    assertEquals(List.of("APPEND_FAILED"), reasons(last));
    assertEquals("UNAVAILABLE: connection refused", last.dead().get(0).detail());
  }

  @Test
  void holdsNothingAtTheLastMoment() {
    warehouse.put("orders", TOTAL);
    StoreResult held =
        store(
            NOW_MS,
            Events.event("1", "{}", "missing_too", Events.PUBLISHED_MS),
            Events.event("2", "{}", "missing", Events.PUBLISHED_MS));
    assertEquals(2, held.held().size());
    warehouse.put("missing_too");

    StoreResult last = again(new StoreContext(NOW_MS + 1, true), held.held());

    assertEquals(1, last.stored());
    assertEquals(List.of(), last.held());
    assertEquals(List.of("TABLE_MISSING"), reasons(last));
  }

  @Test
  void quarantinesAnEventWithoutATableWhileTheGuardIsOn() {
    warehouse.guard(true).put("orders", TOTAL);

    StoreResult result =
        store(
            NOW_MS,
            Events.event("1", "{\"total\":7}", "never_seen", Events.PUBLISHED_MS),
            Events.event("2", "{\"total\":8}"));

    assertEquals(new StoreResult(1, 1, List.of(), List.of()), result);
    assertEquals(List.of("2"), warehouse.messageIds("orders"));
    assertEquals(
        Map.of(
            "message_id",
            "1",
            "publish_time",
            Events.PUBLISHED_MS * 1_000,
            "event_type",
            "order",
            "table_name",
            "never_seen",
            "reason",
            "TABLE_GUARD",
            "data",
            ByteString.copyFromUtf8("{\"total\":7}"),
            "attributes",
            "{\"event_type\":\"order\"}",
            "quarantined_at",
            NOW_MS * 1_000),
        warehouse.quarantined().get(0));
    assertEquals(1L, counts.get("quarantined"));
    assertEquals(1L, counts.get("stored"));
  }

  @Test
  void quarantinesAnEventOfATypeThatAwaitsAnApproval() {
    warehouse.newTables(NewTables.AWAITING_APPROVAL).put("orders", TOTAL);

    StoreResult result =
        store(
            NOW_MS,
            Events.event("1", "{\"total\":7}", "never_seen", Events.PUBLISHED_MS),
            Events.event("2", "{\"total\":8}"));

    assertEquals(new StoreResult(1, 1, List.of(), List.of()), result);
    assertEquals("AWAITING_APPROVAL", warehouse.quarantined().get(0).get("reason"));
    assertEquals(
        ByteString.copyFromUtf8("{\"total\":7}"), warehouse.quarantined().get(0).get("data"));

    warehouse.put("never_seen", TOTAL);
    Envelope replayed = Events.event("1", "{\"total\":7}", "x", Events.PUBLISHED_MS).envelope();
    assertEquals(1, store(NOW_MS, new RoutedEvent(replayed, "never_seen", "never.seen")).stored());
  }

  @Test
  void rejectsAnEventOfATypeThatIsNotAllowed() {
    warehouse.newTables(NewTables.TYPE_NOT_ALLOWED).put("orders", TOTAL);

    StoreResult result =
        store(
            NOW_MS,
            Events.event("1", "{\"total\":7}", "never_seen", Events.PUBLISHED_MS),
            Events.event("2", "{\"total\":8}"));

    assertEquals(1, result.stored());
    DeadLetter letter = result.dead().get(0);
    assertEquals(
        List.of("TYPE_NOT_ALLOWED", "reconcile", EventDecider.NOT_ALLOWED, "never_seen"),
        List.of(letter.reason(), letter.stage(), letter.detail(), letter.table()));
    assertEquals(0, warehouse.quarantined().size());
  }

  @Test
  void readsNoLabelForEventsOfKnownTypes() {
    warehouse.newTables(NewTables.TYPE_NOT_ALLOWED).put("orders", TOTAL);

    store(NOW_MS, Events.event("1", "{\"total\":7}"), Events.event("2", "{\"total\":8}"));

    assertFalse(warehouse.calls().contains("read _quarantine"));
  }

  @Test
  void rejectsAHeldEventOnceItsTypeIsNotAllowed() {
    StoreResult first = store(NOW_MS, Events.event("1", "{}"));
    warehouse.newTables(NewTables.TYPE_NOT_ALLOWED);

    assertEquals(
        new EventStore.TableStatus("refused TYPE_NOT_ALLOWED", true),
        store.status("orders", NOW_MS));
    StoreResult last = again(new StoreContext(NOW_MS + 5, false), first.held());
    assertEquals(List.of("TYPE_NOT_ALLOWED"), reasons(last));
  }

  @Test
  void waitsForADeletedTableUnderAContractAndAsksItAtTheLimit() {
    warehouse.put("orders", TOTAL);
    store(NOW_MS, Events.event("0", "{\"total\":0}"));
    warehouse.newTables(NewTables.AWAITING_APPROVAL).remove("orders");

    StoreResult first = store(NOW_MS, Events.event("1", "{\"total\":1}"));
    assertEquals(Wait.SCHEMA, first.held().get(0).waitsFor());
    assertEquals(1, again(new StoreContext(OVER_MS, false), first.held()).quarantined());
  }

  @Test
  void seesTheEndOfAContractAfterOnePollInterval() {
    AtomicLong nanos = new AtomicLong();
    warehouse.newTables(NewTables.AWAITING_APPROVAL);
    SchemaCache cache =
        new SchemaCache(warehouse, Duration.ofSeconds(60), Duration.ofSeconds(5), 100, nanos::get);
    EventStore cached = new EventStore(TestSettings.of(), cache, warehouse);
    assertEquals(NewTables.AWAITING_APPROVAL, cached.newTables());
    warehouse.newTables(NewTables.CREATE);
    nanos.set(Duration.ofSeconds(4).toNanos());
    assertEquals(NewTables.AWAITING_APPROVAL, cached.newTables());

    nanos.set(Duration.ofSeconds(5).toNanos());
    assertEquals(NewTables.CREATE, cached.newTables());
    warehouse.newTables(NewTables.TABLE_GUARD);
    nanos.set(Duration.ofSeconds(64).toNanos());
    assertEquals(NewTables.CREATE, cached.newTables(), "read again after a minute only");
    nanos.set(Duration.ofSeconds(65).toNanos());
    assertEquals(NewTables.TABLE_GUARD, cached.newTables());
  }

  @Test
  void quarantinesABatchInOneAppend() {
    warehouse.guard(true);

    assertEquals(
        2,
        store(
                NOW_MS,
                Events.event("1", "{}", "never_seen", Events.PUBLISHED_MS),
                Events.event("2", "{}", "nor_this", Events.PUBLISHED_MS))
            .quarantined());

    assertTrue(warehouse.calls().contains("append _quarantine 2"));
  }

  @Test
  void holdsAnEventWithoutATableWhileTheGuardIsOff() {
    warehouse.guard(false);

    StoreResult first = store(NOW_MS, Events.event("1", "{}"));
    assertEquals(Wait.SCHEMA, first.held().get(0).waitsFor());

    StoreResult last = again(new StoreContext(OVER_MS, false), first.held());
    assertEquals(List.of("TABLE_MISSING"), reasons(last));
  }

  @Test
  void quarantinesAHeldEventOnceTheGuardIsOn() {
    StoreResult first = store(NOW_MS, Events.event("1", "{}"));
    assertEquals("missing", store.status("orders", NOW_MS).seen());

    warehouse.guard(true);

    assertEquals(
        new EventStore.TableStatus("refused TABLE_GUARD", true), store.status("orders", NOW_MS));
    assertEquals(1, again(new StoreContext(NOW_MS + 5, false), first.held()).quarantined());
  }

  @Test
  void holdsAnEventWhileWritersDoNotKnowTheQuarantineYet() {
    warehouse.guardForReaders();

    StoreResult first = store(NOW_MS, Events.event("1", "{}"));
    assertEquals(Wait.WRITER, first.held().get(0).waitsFor());
    assertEquals(
        new EventStore.TableStatus("refused TABLE_GUARD", false), store.status("orders", NOW_MS));
    StoreResult paused = again(new StoreContext(NOW_MS + 1, false), first.held());
    assertEquals(first.held(), paused.held(), "not tried again at once");

    warehouse.guard(true);

    assertEquals(1, again(new StoreContext(NOW_MS + 60_000, false), first.held()).quarantined());
  }

  @Test
  void givesUpWhenTheQuarantineCanNeverBeWritten() {
    warehouse.guardForReaders();
    StoreResult held = store(NOW_MS, Events.event("1", "{}"));

    StoreResult last = again(new StoreContext(NOW_MS + 600_000, false), held.held());

    assertEquals(List.of("TABLE_MISSING"), reasons(last));
  }

  @Test
  void waitsForATableThatWasDeletedWhileTheGuardIsOn() {
    warehouse.put("orders", TOTAL);
    store(NOW_MS, Events.event("0", "{\"total\":0}"));
    warehouse.guard(true).remove("orders");

    StoreResult first = store(NOW_MS, Events.event("1", "{\"total\":1}"));
    assertEquals(Wait.SCHEMA, first.held().get(0).waitsFor());
    StoreResult last = again(new StoreContext(OVER_MS, false), first.held());

    assertEquals(1, last.quarantined());
  }

  @Test
  void waitsWhileTheGuardCannotBeRead() {
    StoreResult first = store(NOW_MS, Events.event("1", "{}"));
    warehouse.readable("_quarantine", false);

    StoreResult second = again(new StoreContext(OVER_MS, false), first.held());
    assertEquals(Wait.WRITER, second.held().get(0).waitsFor());
    warehouse.readable("_quarantine", true).guard(true);

    assertEquals(1, again(new StoreContext(OVER_MS + 5, false), second.held()).quarantined());
  }

  @Test
  void rejectsOnlyTheMessageThatTheQuarantineRefuses() {
    warehouse
        .guard(true)
        .answer(
            new AppendAnswer.Refused("bad request"),
            new AppendAnswer.Stored(),
            new AppendAnswer.Refused("bad request"));

    StoreResult result =
        store(
            NOW_MS,
            Events.event("1", "{}", "never_seen", Events.PUBLISHED_MS),
            Events.event("2", "{}", "never_seen", Events.PUBLISHED_MS));

    assertEquals(1, result.quarantined());
    assertEquals(List.of("APPEND_REJECTED"), reasons(result));
    assertEquals("1", warehouse.quarantined().get(0).get("message_id"));
  }

  private RoutedEvent matched(String id, String json) {
    RoutedEvent event = Events.event(id, json);
    EventMatcher matcher = store.openMatcher(new EventRouter(Map.of(event.eventType(), "orders")));
    Envelope envelope = event.envelope();
    Event decoded =
        EventDecoder.decode(
                envelope.data().toByteArray(),
                envelope.attributes(),
                EventTypeSources.DEFAULT,
                matcher)
            .event();
    return new RoutedEvent(envelope, event.table(), event.eventType(), decoded);
  }

  @Test
  void storesARowThatWasWrittenFromTheBytes() {
    warehouse.put("orders", TOTAL);
    store(NOW_MS, Events.event("1", "{\"total\":7}"));
    RoutedEvent event = matched("2", "{\"total\":7}");
    assertNotNull(event.event(EventTypeSources.DEFAULT).match());

    assertEquals(new StoreResult(1, 0, List.of(), List.of()), store(NOW_MS, event));

    Map<String, Object> parsed = new TreeMap<>(warehouse.rows().get(0).values());
    parsed.put("_message_id", "2");
    assertEquals(parsed, new TreeMap<>(warehouse.rows().get(1).values()));
  }

  @Test
  void parsesAnEventWhoseTableChangedSinceItMatched() {
    warehouse.put("orders", TOTAL);
    store(NOW_MS, Events.event("1", "{\"total\":7}"));
    RoutedEvent event = matched("2", "{\"total\":8}");
    warehouse.put("orders", NOTE, TOTAL);

    store(NOW_MS, event);

    assertEquals(8L, warehouse.rows().get(1).values().get("total"));
  }

  @Test
  void readsNoTableToMatchAnEvent() {
    warehouse.put("orders", TOTAL);

    assertNull(matched("1", "{\"total\":7}").event(EventTypeSources.DEFAULT).match());

    assertEquals(List.of(), warehouse.calls());
  }
}
