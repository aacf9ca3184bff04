package io.pipeline.dataflow.fn;

import io.pipeline.dataflow.model.DeadLetter;
import io.pipeline.dataflow.model.HeldEvent;
import io.pipeline.dataflow.model.RoutedEvent;
import io.pipeline.dataflow.store.EventStore;
import io.pipeline.dataflow.store.StoreContext;
import io.pipeline.dataflow.store.StoreProvider;
import io.pipeline.dataflow.store.StoreResult;
import io.pipeline.dataflow.store.StoreSession;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.windowing.GlobalWindow;
import org.apache.beam.sdk.values.TupleTag;
import org.checkerframework.checker.nullness.qual.Nullable;
import org.joda.time.Instant;

/**
 * Appends the events of a bundle to their tables. A bundle finishes only after BigQuery has
 * answered for each event. This is the job's flow control, and a failed bundle is retried as a
 * whole, so nothing is lost.
 */
public final class StoreFn extends DoFn<RoutedEvent, HeldEvent> {
  private final StoreProvider provider;
  private final TupleTag<DeadLetter> dead;
  private final BeamMetrics metrics = new BeamMetrics();
  private transient EventStore store;
  private transient @Nullable StoreSession session;

  /** Sends held events to the main output and rejected ones to {@code dead}. */
  public StoreFn(StoreProvider provider, TupleTag<DeadLetter> dead) {
    this.provider = provider;
    this.dead = dead;
  }

  @Setup
  public void setup() {
    store = provider.get();
  }

  /** Discards the state of a previous bundle that failed. */
  @StartBundle
  public void start() {
    session = null;
  }

  @ProcessElement
  public void process(@Element RoutedEvent event) {
    StoreSession open = session;
    if (open == null) {
      open = store.open(new StoreContext(System.currentTimeMillis(), false), metrics);
      session = open;
    }
    open.add(event);
  }

  /** Waits for the pending appends and emits held and rejected events. */
  @FinishBundle
  public void finish(FinishBundleContext context) {
    StoreSession open = session;
    session = null;
    if (open == null) {
      return;
    }
    StoreResult result = open.finish();
    metrics.count("held", result.held().size());
    for (HeldEvent held : result.held()) {
      Instant time = Instant.ofEpochMilli(held.event().envelope().deliveredMs());
      context.output(held, time, GlobalWindow.INSTANCE);
    }
    for (DeadLetter letter : result.dead()) {
      metrics.count(letter.reason(), 1);
      metrics.count("dead_lettered", 1);
      context.output(dead, letter, GlobalWindow.INSTANCE.maxTimestamp(), GlobalWindow.INSTANCE);
    }
  }
}
