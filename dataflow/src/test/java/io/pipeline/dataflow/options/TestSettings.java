package io.pipeline.dataflow.options;

import org.apache.beam.sdk.options.PipelineOptionsFactory;

/** Settings of a job on a laptop, for tests. */
public final class TestSettings {
  private TestSettings() {}

  /** Those of {@link #options}, and further ones. */
  public static JobSettings of(String... further) {
    return JobSettings.from(options(further));
  }

  /** Valid options, and further ones. */
  public static JobOptions options(String... further) {
    String[] base = {
      "--project=local-project",
      "--inputSubscription=projects/local-project/subscriptions/backend-events-topic-sub",
      "--replaySubscription=projects/local-project/subscriptions/backend-events-replay-sub",
      "--dataset=prod_events_dataset",
      "--deadLetterTopic=projects/local-project/topics/backend-events-dead-letter",
      "--archiveLocation=gs://bucket/events",
      "--holdShards=1",
      "--drainWaitSeconds=0",
      "--schemaPollSeconds=1",
      "--serviceVersion=1.2.3",
      "--bigqueryEndpoint=http://127.0.0.1:9050",
      "--bigqueryStorageEndpoint=127.0.0.1:9060"
    };
    String[] all = new String[base.length + further.length];
    System.arraycopy(base, 0, all, 0, base.length);
    System.arraycopy(further, 0, all, base.length, further.length);
    return PipelineOptionsFactory.fromArgs(all).withValidation().as(JobOptions.class);
  }
}
