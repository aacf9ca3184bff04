package io.pipeline.dataflow.transform;

import io.pipeline.dataflow.fn.HoldFn;
import io.pipeline.dataflow.model.DeadLetter;
import io.pipeline.dataflow.model.DeadLetterCoder;
import io.pipeline.dataflow.model.HeldEvent;
import io.pipeline.dataflow.model.HeldEventCoder;
import io.pipeline.dataflow.options.JobSettings;
import io.pipeline.dataflow.store.StoreProvider;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.WithKeys;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.TypeDescriptors;

/** Holds events until they can be stored, and emits those that cannot. */
public final class HoldEvents extends PTransform<PCollection<HeldEvent>, PCollection<DeadLetter>> {
  private final StoreProvider provider;
  private final JobSettings settings;

  public HoldEvents(StoreProvider provider, JobSettings settings) {
    this.provider = provider;
    this.settings = settings;
  }

  @Override
  public PCollection<DeadLetter> expand(PCollection<HeldEvent> events) {
    int shards = settings.holdShards();
    return events
        .apply(
            "KeyByTableAndShard",
            WithKeys.of((HeldEvent held) -> keyOf(held, shards))
                .withKeyType(TypeDescriptors.strings()))
        .setCoder(KvCoder.of(StringUtf8Coder.of(), HeldEventCoder.of()))
        .apply("Hold", ParDo.of(new HoldFn(provider, settings)))
        .setCoder(DeadLetterCoder.of());
  }

  /** Returns for example {@code orders#3}. Shards keep a busy table from becoming one hot key. */
  private static String keyOf(HeldEvent held, int shards) {
    int hash = held.event().envelope().messageId().hashCode();
    return held.event().table() + "#" + Math.floorMod(hash, shards);
  }
}
