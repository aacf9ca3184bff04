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

/** Keeps events until they can be stored, and stores them; what cannot be stored comes out. */
public final class HoldEvents extends PTransform<PCollection<HeldEvent>, PCollection<DeadLetter>> {
  private final StoreProvider provider;
  private final JobSettings settings;

  /** Within the limits of the settings. */
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

  /** {@code orders#3}: a busy table is not one hot key. */
  private static String keyOf(HeldEvent held, int shards) {
    int hash = held.event().envelope().messageId().hashCode();
    return held.event().table() + "#" + Math.floorMod(hash, shards);
  }
}
