package io.pipeline.dataflow.pipeline;

import com.google.api.services.bigquery.model.TableReference;
import com.google.api.services.bigquery.model.TableRow;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import org.apache.beam.runners.direct.DirectOptions;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.PipelineResult;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.io.gcp.bigquery.BigQueryIO;
import org.apache.beam.sdk.io.gcp.bigquery.BigQueryOptions;
import org.apache.beam.sdk.io.gcp.bigquery.TableDestination;
import org.apache.beam.sdk.io.gcp.bigquery.TableRowJsonCoder;
import org.apache.beam.sdk.io.gcp.pubsub.PubsubIO;
import org.apache.beam.sdk.io.gcp.pubsub.PubsubMessage;
import org.apache.beam.sdk.io.gcp.pubsub.PubsubOptions;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.beam.sdk.options.StreamingOptions;
import org.apache.beam.sdk.options.Validation;
import org.apache.beam.sdk.transforms.SerializableFunction;
import org.apache.beam.sdk.values.ValueInSingleWindow;

/**
 * The peer of the job: {@code PubsubIO → BigQueryIO} with Storage Write at-least-once, as Beam's
 * pages show it. It evolves no schema, checks no duplicate keys, keeps no long digits and no copy,
 * and has no dead letters.
 */
public final class PlainPipeline {
  private static final Coder<TableRow> ROWS = TableRowJsonCoder.of();
  private static final Map<String, String> TABLES = Map.of("order", "orders");

  private PlainPipeline() {}

  /** Its options, beside Beam's own. */
  public interface Options extends StreamingOptions, BigQueryOptions, PubsubOptions {
    /** Subscription of the events. */
    @Validation.Required
    String getInputSubscription();

    void setInputSubscription(String value);

    /** Dataset of the tables, which exist. */
    @Validation.Required
    String getDataset();

    void setDataset(String value);
  }

  /** Runs until it is killed. */
  public static void main(String[] args) {
    PipelineOptionsFactory.register(Options.class);
    Options options = PipelineOptionsFactory.fromArgs(args).withValidation().as(Options.class);
    options.setStreaming(true);
    Pipeline pipeline = Pipeline.create(options);
    pipeline
        .apply(
            "Read",
            PubsubIO.readMessagesWithAttributesAndMessageId()
                .fromSubscription(options.getInputSubscription()))
        .apply(
            "Write",
            BigQueryIO.<PubsubMessage>write()
                .to(destination(options.getProject(), options.getDataset()))
                .withFormatFunction(PlainPipeline::row)
                .withMethod(BigQueryIO.Write.Method.STORAGE_API_AT_LEAST_ONCE)
                .withCreateDisposition(BigQueryIO.Write.CreateDisposition.CREATE_NEVER));
    options.as(DirectOptions.class).setBlockOnRun(false);
    PipelineResult running = pipeline.run();
    System.err.println("the job is running");
    running.waitUntilFinish();
  }

  private static SerializableFunction<ValueInSingleWindow<PubsubMessage>, TableDestination>
      destination(String project, String dataset) {
    return message -> {
      String type = message.getValue().getAttribute("event_type");
      return new TableDestination(
          new TableReference()
              .setProjectId(project)
              .setDatasetId(dataset)
              .setTableId(TABLES.getOrDefault(type, type)),
          null);
    };
  }

  private static TableRow row(PubsubMessage message) {
    try {
      TableRow row =
          ROWS.decode(new ByteArrayInputStream(message.getPayload()), Coder.Context.OUTER);
      row.set("_message_id", message.getMessageId());
      row.set("_publish_time", "2024-01-15T10:30:00.123Z");
      row.set("_event_type", message.getAttribute("event_type"));
      row.set("_ingest_time", "2024-01-15T10:30:01Z");
      return row;
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    }
  }
}
