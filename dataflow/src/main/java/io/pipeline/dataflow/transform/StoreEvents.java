package io.pipeline.dataflow.transform;

import io.pipeline.dataflow.fn.StoreFn;
import io.pipeline.dataflow.model.DeadLetter;
import io.pipeline.dataflow.model.DeadLetterCoder;
import io.pipeline.dataflow.model.HeldEvent;
import io.pipeline.dataflow.model.HeldEventCoder;
import io.pipeline.dataflow.model.RoutedEvent;
import io.pipeline.dataflow.store.StoreProvider;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.apache.beam.sdk.values.TupleTag;
import org.apache.beam.sdk.values.TupleTagList;

/** Appends each event to its table if the current schema allows it. */
public final class StoreEvents extends PTransform<PCollection<RoutedEvent>, PCollectionTuple> {
  public static final TupleTag<HeldEvent> HELD = new TupleTag<>("held") {};

  public static final TupleTag<DeadLetter> DEAD = new TupleTag<>("dead") {};

  private final StoreProvider provider;

  public StoreEvents(StoreProvider provider) {
    this.provider = provider;
  }

  @Override
  public PCollectionTuple expand(PCollection<RoutedEvent> events) {
    PCollectionTuple outcome =
        events.apply(
            "Store",
            ParDo.of(new StoreFn(provider, DEAD)).withOutputTags(HELD, TupleTagList.of(DEAD)));
    outcome.get(HELD).setCoder(HeldEventCoder.of());
    outcome.get(DEAD).setCoder(DeadLetterCoder.of());
    return outcome;
  }
}
