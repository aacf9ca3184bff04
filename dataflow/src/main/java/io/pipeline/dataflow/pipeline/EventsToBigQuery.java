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
   * System property of a laptop's run: end with standard input, so with the process that started
   * it.
   */
  private static final String EXIT_WITH_INPUT = "pipeline.exitWithInput";

  /** The line by which whoever started the job on a laptop knows that it reads. */
  private static final String RUNNING = "the job is running";

  private EventsToBigQuery() {}

  /** Reads the options, and runs. */
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
      // The service runs it; waiting here would only keep the launcher's machine.
      pipeline.run();
      return;
    }
    options.as(DirectOptions.class).setBlockOnRun(false);
    PipelineResult running = pipeline.run();
    LOG.info(RUNNING);
    running.waitUntilFinish();
  }

  /**
   * At least once, unless another mode was asked for: the default stream of BigQuery knows no
   * duplicates anyway, {@code <table>_unique} and the books recognise them, and it is cheaper and
   * faster.
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
