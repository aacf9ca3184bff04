package io.pipeline.dataflow.store;

import com.google.cloud.bigquery.storage.v1.ProtoRows;
import com.google.protobuf.ByteString;
import io.pipeline.dataflow.model.DeadLetter;
import io.pipeline.dataflow.model.DeadLetterReason;
import io.pipeline.dataflow.model.HeldEvent;
import io.pipeline.dataflow.model.RoutedEvent;
import io.pipeline.dataflow.model.Wait;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stores the events of one bundle, or of one retry of held events. Sends an append as soon as a
 * table has enough rows; {@link #finish} sends the rest and waits for all answers, so that a slow
 * BigQuery slows reading. Not thread-safe.
 *
 * <p>Bounded: an event is retried at most {@link #MAX_ROUNDS} times and then held; a request that
 * is refused as a whole is halved until the offending row is isolated.
 */
public final class StoreSession {
  private static final Logger LOG = LoggerFactory.getLogger(StoreSession.class);
  private static final int MAX_ROUNDS = 3;

  /** Target size of an append. The limit is 10 MB; rows of up to 9.5 MB are sent alone. */
  private static final long APPEND_BYTES = 2_000_000;

  /** Most appends of one bundle in flight. */
  private static final int MAX_IN_FLIGHT = 32;

  private record FittedRow(Attempt attempt, ByteString bytes) {}

  private record BatchKey(String table, String version) {}

  private static final class Batch {
    final KnownTable table;
    final List<FittedRow> rows = new ArrayList<>();
    long bytes;

    Batch(KnownTable table) {
      this.table = table;
    }
  }

  private record InFlight(
      KnownTable table,
      List<FittedRow> rows,
      long sentAtNanos,
      CompletableFuture<AppendAnswer> answer) {}

  private final EventStore store;
  private final StoreContext context;
  private final StoreMetrics metrics;
  private final EventDecider decider;
  private final Map<BatchKey, Batch> batches = new HashMap<>();
  private final Deque<InFlight> inFlight = new ArrayDeque<>();
  private int stored;
  private int quarantined;
  private final List<HeldEvent> held = new ArrayList<>();
  private final List<DeadLetter> dead = new ArrayList<>();

  StoreSession(EventStore store, StoreContext context, StoreMetrics metrics) {
    this.store = store;
    this.context = context;
    this.metrics = metrics;
    this.decider = new EventDecider(store, metrics);
  }

  /** Stores a new event. */
  public void add(RoutedEvent event) {
    add(Attempt.first(event));
  }

  /** Stores an event that was held. */
  public void add(HeldEvent event) {
    add(Attempt.next(event));
  }

  /** Waits until every event is stored, held or rejected. */
  public StoreResult finish() {
    while (!batches.isEmpty() || !inFlight.isEmpty()) {
      batches.values().forEach(batch -> send(batch.table, batch.rows));
      batches.clear();
      settle(inFlight.remove());
    }
    metrics.count("stored", stored);
    metrics.count("quarantined", quarantined);
    return new StoreResult(stored, quarantined, List.copyOf(held), List.copyOf(dead));
  }

  private void add(Attempt attempt) {
    Decision decision = decider.decide(attempt, store.lagOf(attempt.event().table()), context);
    if (decision instanceof Decision.Append append) {
      gather(append.table(), new FittedRow(attempt.withoutParsed(), append.row()));
    } else if (decision instanceof Decision.Hold hold) {
      held.add(hold.held());
    } else if (decision instanceof Decision.Reject reject) {
      dead.add(reject.letter());
    }
  }

  private void gather(KnownTable table, FittedRow row) {
    if (inFlight.size() >= MAX_IN_FLIGHT) {
      settle(inFlight.remove());
    }
    BatchKey key = new BatchKey(table.name(), table.version());
    Batch batch = batches.computeIfAbsent(key, absent -> new Batch(table));
    if (!batch.rows.isEmpty() && batch.bytes + row.bytes().size() > APPEND_BYTES) {
      send(table, batch.rows);
      batch = new Batch(table);
      batches.put(key, batch);
    }
    batch.rows.add(row);
    batch.bytes += row.bytes().size();
    if (batch.rows.size() >= store.settings.appendRows()) {
      batches.remove(key);
      send(table, batch.rows);
    }
  }

  private void send(KnownTable table, List<FittedRow> rows) {
    ProtoRows.Builder encoded = ProtoRows.newBuilder();
    rows.forEach(row -> encoded.addSerializedRows(row.bytes()));
    CompletableFuture<AppendAnswer> answer =
        store.sink.append(table.name(), table.version(), table.writerSchema(), encoded.build());
    inFlight.add(new InFlight(table, rows, System.nanoTime(), answer));
  }

  private void settle(InFlight append) {
    AppendAnswer answer = append.answer().join();
    metrics.measure("append_duration_ms", (System.nanoTime() - append.sentAtNanos()) / 1_000_000);
    metrics.measure("append_rows", append.rows().size());
    WriterLag lag = store.lagOf(append.table().name());
    if (answer instanceof AppendAnswer.Stored) {
      lag.accepted(append.table());
      if (append.table() == Quarantine.TABLE) {
        quarantined += append.rows().size();
        LOG.atWarn()
            .addKeyValue("events", append.rows().size())
            .log("events quarantined: their tables may not be created");
      } else {
        stored += append.rows().size();
      }
      long oldest = context.nowMs();
      for (FittedRow row : append.rows()) {
        oldest = Math.min(oldest, row.attempt().event().envelope().deliveredMs());
      }
      metrics.measure("event_lag_ms", context.nowMs() - oldest);
      return;
    }
    LOG.atInfo()
        .addKeyValue("table", append.table().name())
        .addKeyValue("rows", append.rows().size())
        .addKeyValue("answer", answer.getClass().getSimpleName())
        .log("append not stored");
    if (answer instanceof AppendAnswer.NotYet notYet) {
      afterNotYet(append, notYet);
    } else if (answer instanceof AppendAnswer.RowsRefused refused) {
      afterRowsRefused(append, refused);
    } else if (answer instanceof AppendAnswer.Refused refused) {
      afterRefused(append, refused.message());
    } else if (answer instanceof AppendAnswer.Unavailable unavailable) {
      metrics.count("append_unavailable", 1);
      append.rows().forEach(row -> afterUnavailable(row.attempt(), unavailable.message()));
    }
  }

  private void afterNotYet(InFlight append, AppendAnswer.NotYet notYet) {
    String table = append.table().name();
    store.lagOf(table).refused(append.table(), notYet.tableUnknown(), context.nowMs());
    metrics.count("append_not_yet", 1);
    append.rows().forEach(row -> afterNotYet(row, notYet));
  }

  private void afterNotYet(FittedRow row, AppendAnswer.NotYet notYet) {
    Attempt next = row.attempt().again();
    if (next.round() < MAX_ROUNDS) {
      add(next);
    } else if (!decider.isWriterWaitOver(next, context)) {
      held.add(next.hold(Wait.WRITER, context.nowMs(), "BigQuery's writers do not know the table"));
    } else {
      DeadLetterReason reason =
          notYet.tableUnknown() ? DeadLetterReason.TABLE_MISSING : DeadLetterReason.APPEND_FAILED;
      reject(next, reason, notYet.message());
    }
  }

  private void afterRowsRefused(InFlight append, AppendAnswer.RowsRefused refused) {
    List<FittedRow> good = new ArrayList<>();
    boolean isChanged = isChanged(append.table());
    for (int index = 0; index < append.rows().size(); index++) {
      FittedRow row = append.rows().get(index);
      String message = refused.messages().get(index);
      if (message == null) {
        good.add(row);
      } else {
        refuse(row, message, isChanged);
      }
    }
    if (good.size() == append.rows().size()) {
      afterRefused(append, "BigQuery refused rows without naming them.");
    } else if (!good.isEmpty()) {
      send(append.table(), good);
    }
  }

  private void afterRefused(InFlight append, String message) {
    if (isUnknownToWriters(append.table())) {
      afterNotYet(append, new AppendAnswer.NotYet(false, message));
      return;
    }
    List<FittedRow> rows = append.rows();
    boolean isChanged = isChanged(append.table());
    if (rows.size() == 1 || isChanged) {
      rows.forEach(row -> refuse(row, message, isChanged));
      return;
    }
    int half = rows.size() / 2;
    send(append.table(), List.copyOf(rows.subList(0, half)));
    send(append.table(), List.copyOf(rows.subList(half, rows.size())));
  }

  /**
   * True if BigQuery's writers know another version than the one that was sent, for example an
   * older type of a widened column: the refusal is then about the schema, not about the rows.
   */
  private boolean isUnknownToWriters(KnownTable table) {
    return store
        .sink
        .writerColumns(table.name())
        .map(columns -> !table.asKnownTo(columns).version().equals(table.version()))
        .orElse(false);
  }

  /**
   * True if the table changed since the rows were fitted; they are then fitted to the new schema.
   */
  private boolean isChanged(KnownTable table) {
    if (table == Quarantine.TABLE) {
      return false;
    }
    TableView view = store.schemas.lookAgain(table.name());
    return !(view instanceof TableView.Present present)
        || !present.table().version().equals(table.version());
  }

  private void refuse(FittedRow row, String message, boolean isChanged) {
    Attempt next = row.attempt().again();
    if (isChanged && next.round() < MAX_ROUNDS) {
      add(next);
    } else {
      reject(next, DeadLetterReason.APPEND_REJECTED, message);
    }
  }

  private void afterUnavailable(Attempt attempt, String message) {
    if (decider.isWriterWaitOver(attempt, context)) {
      reject(attempt, DeadLetterReason.APPEND_FAILED, message);
    } else {
      held.add(attempt.hold(Wait.WRITER, context.nowMs(), "BigQuery could not be reached"));
    }
  }

  private void reject(Attempt attempt, DeadLetterReason reason, String message) {
    dead.add(attempt.reject(reason.name(), "append", message));
  }
}
