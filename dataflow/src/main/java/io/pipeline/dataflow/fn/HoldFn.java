package io.pipeline.dataflow.fn;

import io.pipeline.dataflow.model.DeadLetter;
import io.pipeline.dataflow.model.HeldEvent;
import io.pipeline.dataflow.model.HeldEventCoder;
import io.pipeline.dataflow.model.HoldSummary;
import io.pipeline.dataflow.model.HoldSummaryCoder;
import io.pipeline.dataflow.model.Wait;
import io.pipeline.dataflow.options.JobSettings;
import io.pipeline.dataflow.store.EventStore;
import io.pipeline.dataflow.store.EventStore.TableStatus;
import io.pipeline.dataflow.store.StoreContext;
import io.pipeline.dataflow.store.StoreProvider;
import io.pipeline.dataflow.store.StoreResult;
import io.pipeline.dataflow.store.StoreSession;
import java.time.Duration;
import java.util.List;
import org.apache.beam.sdk.metrics.Metrics;
import org.apache.beam.sdk.state.BagState;
import org.apache.beam.sdk.state.StateSpec;
import org.apache.beam.sdk.state.StateSpecs;
import org.apache.beam.sdk.state.TimeDomain;
import org.apache.beam.sdk.state.Timer;
import org.apache.beam.sdk.state.TimerSpec;
import org.apache.beam.sdk.state.TimerSpecs;
import org.apache.beam.sdk.state.ValueState;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;
import org.apache.beam.sdk.values.KV;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps events in keyed state until they can be stored, then stores them. Keyed by table and shard,
 * so that one waiting table does not delay another; bounded in count and bytes.
 *
 * <p>A processing-time timer polls the table through the worker's shared cache and reads the held
 * events only when a retry can succeed: the table changed, a wait expired, or the backoff for
 * BigQuery's writers is over. Processing-time timers no longer fire when the job drains; the
 * watermark then reaches the end of the window and an event-time timer flushes everything.
 */
public final class HoldFn extends DoFn<KV<String, HeldEvent>, DeadLetter> {
  private static final Logger LOG = LoggerFactory.getLogger(HoldFn.class);
  private static final String EVENTS = "events";
  private static final String SUMMARY = "summary";
  private static final String POLL = "poll";
  private static final String DRAIN = "drain";

  @StateId(EVENTS)
  private final StateSpec<BagState<HeldEvent>> eventsSpec = StateSpecs.bag(HeldEventCoder.of());

  @StateId(SUMMARY)
  private final StateSpec<ValueState<HoldSummary>> summarySpec =
      StateSpecs.value(HoldSummaryCoder.of());

  @TimerId(POLL)
  private final TimerSpec pollSpec = TimerSpecs.timer(TimeDomain.PROCESSING_TIME);

  @TimerId(DRAIN)
  private final TimerSpec drainSpec = TimerSpecs.timer(TimeDomain.EVENT_TIME);

  private final StoreProvider provider;
  private final int maxEvents;
  private final long maxBytes;
  private final Duration wait;
  private final Duration columnGrace;
  private final Duration poll;
  private final Duration drainWait;
  private final BeamMetrics metrics = new BeamMetrics();
  private transient EventStore store;

  public HoldFn(StoreProvider provider, JobSettings settings) {
    this.provider = provider;
    this.maxEvents = settings.holdEvents();
    this.maxBytes = settings.holdBytes();
    this.wait = settings.schemaWait();
    this.columnGrace = settings.columnGrace();
    this.poll = settings.schemaPoll();
    this.drainWait = settings.drainWait();
  }

  @Setup
  public void setup() {
    store = provider.get();
  }

  /** Holds one event, or flushes it at once if the key is full. */
  @ProcessElement
  public void process(
      @Element KV<String, HeldEvent> element,
      BoundedWindow window,
      @StateId(EVENTS) BagState<HeldEvent> events,
      @AlwaysFetched @StateId(SUMMARY) ValueState<HoldSummary> summary,
      @TimerId(POLL) Timer pollTimer,
      @TimerId(DRAIN) Timer drainTimer,
      OutputReceiver<DeadLetter> out) {
    HeldEvent held = element.getValue();
    String table = held.event().table();
    HoldSummary before = summary.read();
    if (before == null || before.count() == 0) {
      // An empty version forces a first attempt: this step does not know which schema the event was
      // fitted to.
      before = HoldSummary.empty(table, "");
      pollTimer.offset(joda(poll)).setRelative();
      drainTimer.withOutputTimestamp(window.maxTimestamp()).set(window.maxTimestamp());
    }
    HoldSummary after = before.plus(held, waitMs(held));
    if (after.count() > maxEvents || after.bytes() > maxBytes) {
      metrics.count("hold_full", 1);
      long nowMs = pollTimer.getCurrentRelativeTime().getMillis();
      output(storeNow(List.of(held), new StoreContext(nowMs, true)), out);
      return;
    }
    events.add(held);
    summary.write(after);
  }

  /** Retries the held events if their table changed or a wait expired. */
  @OnTimer(POLL)
  public void poll(
      @Key String key,
      @StateId(EVENTS) BagState<HeldEvent> events,
      @AlwaysFetched @StateId(SUMMARY) ValueState<HoldSummary> summary,
      @TimerId(POLL) Timer pollTimer,
      OutputReceiver<DeadLetter> out) {
    HoldSummary before = summary.read();
    if (before == null || before.count() == 0) {
      return;
    }
    long nowMs = pollTimer.getCurrentRelativeTime().getMillis();
    TableStatus status = store.status(before.table(), nowMs);
    boolean isWorthTrying =
        !status.seen().equals(before.seen())
            || nowMs >= before.dueMs()
            || (before.hasWriterWaits() && status.canRetryWriters());
    HoldSummary after = before;
    if (isWorthTrying) {
      StoreResult result = storeNow(events.read(), new StoreContext(nowMs, false));
      output(result, out);
      after = keep(result.held(), HoldSummary.empty(before.table(), status.seen()), events);
      summary.write(after);
    }
    report(key, before, after);
    if (after.count() > 0) {
      pollTimer.offset(joda(poll)).setRelative();
    }
  }

  /**
   * Flushes the key when the job drains: retries for the drain wait, then writes or dead-letters
   * the rest.
   */
  @OnTimer(DRAIN)
  public void drain(
      @Key String key,
      @StateId(EVENTS) BagState<HeldEvent> events,
      @AlwaysFetched @StateId(SUMMARY) ValueState<HoldSummary> summary,
      @TimerId(POLL) Timer pollTimer,
      OutputReceiver<DeadLetter> out)
      throws InterruptedException {
    HoldSummary before = summary.read();
    if (before == null || before.count() == 0) {
      return;
    }
    long endNanos = System.nanoTime() + drainWait.toNanos();
    Iterable<HeldEvent> held = events.read();
    boolean isLast;
    do {
      isLast = System.nanoTime() - endNanos >= 0;
      long nowMs = pollTimer.getCurrentRelativeTime().getMillis();
      StoreResult result = storeNow(held, new StoreContext(nowMs, isLast));
      output(result, out);
      held = result.held();
      if (!isLast && !result.held().isEmpty()) {
        Thread.sleep(Math.min(poll.toMillis(), Math.max(1, drainWait.toMillis())));
      }
    } while (!isLast && held.iterator().hasNext());
    events.clear();
    summary.clear();
    pollTimer.clear();
    report(key, before, HoldSummary.empty(before.table(), ""));
  }

  private StoreResult storeNow(Iterable<HeldEvent> held, StoreContext context) {
    StoreSession session = store.open(context, metrics);
    held.forEach(session::add);
    return session.finish();
  }

  private void output(StoreResult result, OutputReceiver<DeadLetter> out) {
    for (DeadLetter letter : result.dead()) {
      metrics.count(letter.reason(), 1);
      metrics.count("dead_lettered", 1);
      out.output(letter);
    }
  }

  private HoldSummary keep(List<HeldEvent> held, HoldSummary empty, BagState<HeldEvent> events) {
    events.clear();
    HoldSummary summary = empty;
    for (HeldEvent event : held) {
      events.add(event);
      summary = summary.plus(event, waitMs(event));
    }
    return summary;
  }

  private long waitMs(HeldEvent held) {
    return (held.waitsFor() == Wait.COLUMN ? columnGrace : wait).toMillis();
  }

  private static void report(String key, HoldSummary before, HoldSummary after) {
    int count = after.count();
    Metrics.gauge(BeamMetrics.NAMESPACE, "waiting/" + key).set(count);
    if (count != before.count()) {
      LOG.atInfo()
          .addKeyValue("table", before.table())
          .addKeyValue("waiting", count)
          .addKeyValue("before", before.count())
          .log("events wait");
    }
  }

  private static org.joda.time.Duration joda(Duration duration) {
    return org.joda.time.Duration.millis(duration.toMillis());
  }
}
