package io.pipeline.dataflow.fn;

import io.pipeline.dataflow.io.DeadLetterJson;
import io.pipeline.dataflow.model.DeadLetter;
import java.util.Map;
import org.apache.beam.sdk.io.gcp.pubsub.PubsubMessage;
import org.apache.beam.sdk.transforms.DoFn;

/** Serializes a dead letter as a Pub/Sub message. */
public final class ToDeadLetterMessageFn extends DoFn<DeadLetter, PubsubMessage> {
  private static final String SERVICE = "dataflow-job";

  private final String serviceVersion;

  public ToDeadLetterMessageFn(String serviceVersion) {
    this.serviceVersion = serviceVersion;
  }

  @ProcessElement
  public void process(@Element DeadLetter letter, OutputReceiver<PubsubMessage> out) {
    out.output(
        new PubsubMessage(DeadLetterJson.toBytes(letter, SERVICE, serviceVersion), Map.of()));
  }
}
