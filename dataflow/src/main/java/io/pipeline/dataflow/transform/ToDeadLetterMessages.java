package io.pipeline.dataflow.transform;

import io.pipeline.dataflow.fn.ToDeadLetterMessageFn;
import io.pipeline.dataflow.model.DeadLetter;
import org.apache.beam.sdk.io.gcp.pubsub.PubsubMessage;
import org.apache.beam.sdk.io.gcp.pubsub.PubsubMessageWithAttributesCoder;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.PCollection;

/** Serializes dead letters in the pipeline's common format. */
public final class ToDeadLetterMessages
    extends PTransform<PCollection<DeadLetter>, PCollection<PubsubMessage>> {
  private final String serviceVersion;

  public ToDeadLetterMessages(String serviceVersion) {
    this.serviceVersion = serviceVersion;
  }

  @Override
  public PCollection<PubsubMessage> expand(PCollection<DeadLetter> letters) {
    return letters
        .apply("Write", ParDo.of(new ToDeadLetterMessageFn(serviceVersion)))
        .setCoder(PubsubMessageWithAttributesCoder.of());
  }
}
