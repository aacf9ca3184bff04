package io.pipeline.dataflow.pipeline;

import io.pipeline.dataflow.options.JobOptions;
import io.pipeline.dataflow.options.JobSettings;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import org.apache.beam.runners.dataflow.DataflowRunner;
import org.apache.beam.runners.dataflow.options.DataflowPipelineOptions;
import org.apache.beam.runners.direct.DirectOptions;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.PipelineResult;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Starts the job: events of two subscriptions become typed rows and files. */
public final class EventsToBigQuery {
  private static final Logger LOG = LoggerFactory.getLogger(EventsToBigQuery.class);
  private static final String AT_LEAST_ONCE = "streaming_mode_at_least_once";
  private static final String STREAMING_MODE = "streaming_mode_";

  /**
   * System property for local runs: exit when standard input closes, that is with the parent
   * process.
   */
  private static final String EXIT_WITH_INPUT = "pipeline.exitWithInput";

  /** Log line that signals to a local parent process that the job is reading. */
  private static final String RUNNING = "the job is running";

  private EventsToBigQuery() {}

  public static void main(String[] args) {
    PipelineOptionsFactory.register(JobOptions.class);
    JobOptions options =
        PipelineOptionsFactory.fromArgs(args).withValidation().as(JobOptions.class);
    JobSettings settings = JobSettings.from(options);
    options.setStreaming(true);
    chooseStreamingMode(options);
    if (Boolean.getBoolean(EXIT_WITH_INPUT)) {
      exitWithInput();
    }
    Pipeline pipeline = Pipeline.create(options);
    EventGraph.build(pipeline, settings);
    if (DataflowRunner.class.equals(options.getRunner())) {
      // The service runs the job; waiting here would only keep the launcher alive.
      pipeline.run();
      return;
    }
    options.as(DirectOptions.class).setBlockOnRun(false);
    PipelineResult running = pipeline.run();
    LOG.info(RUNNING);
    running.waitUntilFinish();
  }

  /**
   * Selects at-least-once mode unless another is given. BigQuery's default stream does not
   * deduplicate, {@code <table>_unique} and the books recognise duplicates, and the mode is cheaper
   * and faster.
   */
  static void chooseStreamingMode(JobOptions options) {
    if (!DataflowRunner.class.equals(options.getRunner())) {
      return;
    }
    DataflowPipelineOptions dataflow = options.as(DataflowPipelineOptions.class);
    List<String> given = dataflow.getDataflowServiceOptions();
    List<String> service = given == null ? new ArrayList<>() : new ArrayList<>(given);
    if (service.stream().noneMatch(option -> option.startsWith(STREAMING_MODE))) {
      service.add(AT_LEAST_ONCE);
      dataflow.setDataflowServiceOptions(service);
    }
  }

  private static void exitWithInput() {
    Thread watch =
        new Thread(
            () -> {
              try {
                System.in.transferTo(OutputStream.nullOutputStream());
              } catch (IOException closed) {
                LOG.debug("standard input is closed", closed);
              }
              Runtime.getRuntime().halt(0);
            },
            "exit-with-input");
    watch.setDaemon(true);
    watch.start();
  }
}
