package io.pipeline.dataflow.fn;

import io.pipeline.dataflow.json.Decoded;
import io.pipeline.dataflow.json.Event;
import io.pipeline.dataflow.json.EventDecoder;
import io.pipeline.dataflow.json.EventMatcher;
import io.pipeline.dataflow.json.EventTypeSources;
import io.pipeline.dataflow.json.Rejection;
import io.pipeline.dataflow.model.DeadLetter;
import io.pipeline.dataflow.model.Envelope;
import io.pipeline.dataflow.model.RoutedEvent;
import io.pipeline.dataflow.schema.EventRouter;
import io.pipeline.dataflow.store.StoreProvider;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.TupleTag;

/**
 * Decodes one message into a routed event or a dead letter, and emits its copy for the archive. An
 * event that fits a table which this worker knows is written as a row on the way, without parsing.
 */
public final class DecodeFn extends DoFn<Envelope, RoutedEvent> {
  /** Archive folder for messages that are not events. */
  public static final String REJECTED_FOLDER = "_rejected";

  private final EventRouter router;
  private final EventTypeSources sources;
  private final StoreProvider provider;
  private final TupleTag<RoutedEvent> routed;
  private final TupleTag<DeadLetter> rejected;
  private final TupleTag<KV<String, Envelope>> copies;
  private final BeamMetrics metrics = new BeamMetrics();
  private transient EventMatcher matcher;

  public DecodeFn(
      EventRouter router,
      EventTypeSources sources,
      StoreProvider provider,
      TupleTag<RoutedEvent> routed,
      TupleTag<DeadLetter> rejected,
      TupleTag<KV<String, Envelope>> copies) {
    this.router = router;
    this.sources = sources;
    this.provider = provider;
    this.routed = routed;
    this.rejected = rejected;
    this.copies = copies;
  }

  @Setup
  public void setup() {
    matcher = provider.get().openMatcher(router);
  }

  @ProcessElement
  public void process(@Element Envelope envelope, MultiOutputReceiver out) {
    metrics.count("received", 1);
    Decoded decoded =
        EventDecoder.decode(envelope.data().toByteArray(), envelope.attributes(), sources, matcher);
    Event event = decoded.event();
    if (event != null) {
      String table = router.route(event.eventType());
      out.get(routed).output(new RoutedEvent(envelope, table, event.eventType(), event));
      out.get(copies).output(KV.of(table, envelope));
      return;
    }
    Rejection why = decoded.rejection();
    String code = why.code().name();
    metrics.count(code, 1);
    metrics.count("dead_lettered", 1);
    out.get(rejected)
        .output(DeadLetter.of(envelope, code, "decode", why.detail(), why.eventType(), null));
    out.get(copies).output(KV.of(REJECTED_FOLDER, envelope));
  }
}
