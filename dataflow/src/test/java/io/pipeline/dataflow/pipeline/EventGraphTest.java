package io.pipeline.dataflow.pipeline;

import static io.pipeline.dataflow.store.FakeWarehouse.column;
import static org.junit.Assert.assertEquals;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.pipeline.dataflow.options.JobSettings;
import io.pipeline.dataflow.options.TestSettings;
import io.pipeline.dataflow.schema.ColumnType;
import io.pipeline.dataflow.store.FakeWarehouse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.io.gcp.pubsub.PubsubMessage;
import org.apache.beam.sdk.io.gcp.pubsub.PubsubMessageWithAttributesAndMessageIdCoder;
import org.apache.beam.sdk.runners.TransformHierarchy;
import org.apache.beam.sdk.testing.PAssert;
import org.apache.beam.sdk.testing.TestPipeline;
import org.apache.beam.sdk.testing.TestStream;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.TimestampedValue;
import org.joda.time.Instant;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** The whole graph between reading and publishing. */
public class EventGraphTest {
  @Rule public final transient TestPipeline pipeline = TestPipeline.create();
  @Rule public final transient TemporaryFolder folder = new TemporaryFolder();

  private static TestStream<PubsubMessage> messages(PubsubMessage... messages) {
    TestStream.Builder<PubsubMessage> stream =
        TestStream.create(PubsubMessageWithAttributesAndMessageIdCoder.of());
    Instant now = Instant.now();
    for (PubsubMessage message : messages) {
      stream = stream.addElements(TimestampedValue.of(message, now));
    }
    return stream.advanceWatermarkToInfinity();
  }

  private static PubsubMessage message(String id, String json, Map<String, String> attributes) {
    return new PubsubMessage(json.getBytes(StandardCharsets.UTF_8), attributes, id);
  }

  @Test
  public void givesEveryMessageExactlyOneOutcome() {
    JobSettings settings = TestSettings.of("--archiveLocation=" + folder.getRoot().getPath());
    FakeWarehouse warehouse = new FakeWarehouse().put("orders", column("total", ColumnType.INT64));
    Map<String, String> order = Map.of("event_type", "order");
    PCollection<PubsubMessage> events =
        pipeline.apply(
            "Events",
            messages(
                message("row", "{\"total\":7}", order),
                message("overflow", "{\"total\":7,\"note\":\"x\"}", order),
                message("rejected", "no json", order),
                message("no-table", "{\"event_type\":\"never.seen\"}", Map.of())));
    PCollection<PubsubMessage> replays =
        pipeline.apply(
            "Replays",
            messages(
                message(
                    "9",
                    "{\"total\":8}",
                    Map.of("event_type", "order", "pipeline_replay_of", "replayed"))));

    PCollection<PubsubMessage> dead =
        EventGraph.join(events, replays, settings, warehouse.provider(settings));

    PAssert.that(dead)
        .satisfies(
            letters -> {
              List<String> reasons = new ArrayList<>();
              letters.forEach(
                  letter -> {
                    JsonNode json = parse(letter);
                    reasons.add(
                        json.get("message_id").asText() + " " + json.get("reason").asText());
                  });
              reasons.sort(null);
              assertEquals(List.of("no-table TABLE_MISSING", "rejected NOT_JSON"), reasons);
              return null;
            });
    pipeline.run();
    List<Object> stored = new ArrayList<>(warehouse.messageIds("orders"));
    stored.sort(null);
    assertEquals(List.of("overflow", "replayed", "row"), stored);
  }

  private static JsonNode parse(PubsubMessage message) {
    try {
      return new ObjectMapper().readTree(new String(message.getPayload(), StandardCharsets.UTF_8));
    } catch (JsonProcessingException broken) {
      throw new IllegalStateException(broken);
    }
  }

  /**
   * Dataflow updates a running job in place by these names: a renamed step loses its state. New
   * steps are fine; rename one only together with a plan for the update.
   */
  @Test
  public void keepsTheNamesOfItsSteps() {
    Pipeline job = Pipeline.create();
    EventGraph.build(job, TestSettings.of());

    List<String> names = new ArrayList<>();
    job.traverseTopologically(
        new Pipeline.PipelineVisitor.Defaults() {
          @Override
          public void visitPrimitiveTransform(TransformHierarchy.Node node) {
            names.add(node.getFullName());
          }

          @Override
          public CompositeBehavior enterCompositeTransform(TransformHierarchy.Node node) {
            boolean isOurs = node.getFullName().isEmpty();
            if (!isOurs) {
              names.add(node.getFullName());
            }
            boolean isDeeper =
                node.getTransform() == null
                    || node.getTransform().getClass().getPackageName().startsWith("io.pipeline");
            return isDeeper
                ? CompositeBehavior.ENTER_TRANSFORM
                : CompositeBehavior.DO_NOT_ENTER_TRANSFORM;
          }
        });

    assertEquals(
        List.of(
            "ReadEvents",
            "ReadReplays",
            "TakeEvents",
            "TakeEvents/Take",
            "TakeReplays",
            "TakeReplays/Take",
            "AllMessages",
            "DecodeMessages",
            "DecodeMessages/Decode",
            "ArchiveMessages",
            "ArchiveMessages/Gather",
            "ArchiveMessages/WriteFiles",
            "StoreEvents",
            "StoreEvents/Store",
            "HoldEvents",
            "HoldEvents/KeyByTableAndShard",
            "HoldEvents/Hold",
            "AllDeadLetters",
            "WriteDeadLetters",
            "WriteDeadLetters/Write",
            "PublishDeadLetters"),
        names);
  }
}
