package io.pipeline.dataflow.options;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.beam.sdk.options.PipelineOptionsFactory;

/** Valid settings for tests. */
public final class TestSettings {
  private TestSettings() {}

  public static JobSettings of(String... further) {
    return JobSettings.from(options(further));
  }

  /** Returns valid options, overridden by {@code further}. */
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
      "--columnGraceSeconds=0",
      "--schemaPollSeconds=1",
      "--serviceVersion=1.2.3",
      "--bigqueryEndpoint=http://127.0.0.1:9050",
      "--bigqueryStorageEndpoint=127.0.0.1:9060"
    };
    Map<String, String> all = new LinkedHashMap<>();
    Stream.concat(Stream.of(base), Stream.of(further))
        .forEach(argument -> all.put(argument.substring(0, argument.indexOf('=')), argument));
    return PipelineOptionsFactory.fromArgs(all.values().toArray(new String[0]))
        .withValidation()
        .as(JobOptions.class);
  }
}
