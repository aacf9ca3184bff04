package io.pipeline.dataflow.transform;

import io.pipeline.dataflow.fn.DecodeFn;
import io.pipeline.dataflow.json.EventTypeSources;
import io.pipeline.dataflow.model.DeadLetter;
import io.pipeline.dataflow.model.DeadLetterCoder;
import io.pipeline.dataflow.model.Envelope;
import io.pipeline.dataflow.model.EnvelopeCoder;
import io.pipeline.dataflow.model.RoutedEvent;
import io.pipeline.dataflow.model.RoutedEventCoder;
import io.pipeline.dataflow.schema.EventRouter;
import io.pipeline.dataflow.store.StoreProvider;
import java.util.Map;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.apache.beam.sdk.values.TupleTag;
import org.apache.beam.sdk.values.TupleTagList;

/** Decodes each message and assigns its table. Each goes to one of the first two outputs. */
public final class DecodeMessages extends PTransform<PCollection<Envelope>, PCollectionTuple> {
  public static final TupleTag<RoutedEvent> ROUTED = new TupleTag<>("routed") {};

  public static final TupleTag<DeadLetter> REJECTED = new TupleTag<>("rejected") {};

  /** Every message with its archive folder: its table, or {@code _rejected}. */
  public static final TupleTag<KV<String, Envelope>> COPIES = new TupleTag<>("copies") {};

  private final EventRouter router;
  private final EventTypeSources sources;
  private final StoreProvider store;

  public DecodeMessages(Map<String, String> routes, EventTypeSources sources, StoreProvider store) {
    this.router = new EventRouter(routes);
    this.sources = sources;
    this.store = store;
  }

  @Override
  public PCollectionTuple expand(PCollection<Envelope> messages) {
    PCollectionTuple decoded =
        messages.apply(
            "Decode",
            ParDo.of(new DecodeFn(router, sources, store, ROUTED, REJECTED, COPIES))
                .withOutputTags(ROUTED, TupleTagList.of(REJECTED).and(COPIES)));
    decoded.get(ROUTED).setCoder(RoutedEventCoder.of());
    decoded.get(REJECTED).setCoder(DeadLetterCoder.of());
    decoded.get(COPIES).setCoder(KvCoder.of(StringUtf8Coder.of(), EnvelopeCoder.of()));
    return decoded;
  }
}
