package io.pipeline.dataflow.transform;

import io.pipeline.dataflow.fn.ToEnvelopeFn;
import io.pipeline.dataflow.model.Envelope;
import io.pipeline.dataflow.model.EnvelopeCoder;
import org.apache.beam.sdk.io.gcp.pubsub.PubsubMessage;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.PCollection;

/** Converts the messages of one subscription, each with the id of its event. */
public final class ToEnvelopes
    extends PTransform<PCollection<PubsubMessage>, PCollection<Envelope>> {
  private final boolean isReplay;

  private ToEnvelopes(boolean isReplay) {
    this.isReplay = isReplay;
  }

  public static ToEnvelopes ofEvents() {
    return new ToEnvelopes(false);
  }

  public static ToEnvelopes ofReplays() {
    return new ToEnvelopes(true);
  }

  @Override
  public PCollection<Envelope> expand(PCollection<PubsubMessage> messages) {
    return messages
        .apply("Take", ParDo.of(new ToEnvelopeFn(isReplay)))
        .setCoder(EnvelopeCoder.of());
  }
}
