package io.pipeline.dataflow.transform;

import io.pipeline.dataflow.io.ArchiveJson;
import io.pipeline.dataflow.io.ArchivePaths;
import io.pipeline.dataflow.model.Envelope;
import io.pipeline.dataflow.options.JobSettings;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.io.Compression;
import org.apache.beam.sdk.io.FileIO;
import org.apache.beam.sdk.io.TextIO;
import org.apache.beam.sdk.io.WriteFilesResult;
import org.apache.beam.sdk.transforms.Contextful;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.SerializableFunction;
import org.apache.beam.sdk.transforms.windowing.AfterFirst;
import org.apache.beam.sdk.transforms.windowing.AfterPane;
import org.apache.beam.sdk.transforms.windowing.AfterProcessingTime;
import org.apache.beam.sdk.transforms.windowing.FixedWindows;
import org.apache.beam.sdk.transforms.windowing.Repeatedly;
import org.apache.beam.sdk.transforms.windowing.Window;
import org.apache.beam.sdk.transforms.windowing.Window.ClosingBehavior;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.joda.time.Duration;

/**
 * Writes every message to a Cloud Storage file of its folder and publish hour.
 *
 * <p>Shape: {@code events/orders/dt=2026-11-23/hr=02/RUN-PANE-SHARD.ndjson.gz}, one line per
 * message in the format of {@link ArchiveJson}. At least once: a retried bundle may write a message
 * twice.
 */
public final class ArchiveMessages
    extends PTransform<PCollection<KV<String, Envelope>>, WriteFilesResult<String>> {
  /** Matches the hourly folders. */
  private static final Duration WINDOW = Duration.standardHours(1);

  /**
   * Long enough that no message is dropped as late: Pub/Sub retains a message for 31 days at most.
   * Source: Pub/Sub, "Message retention", read 2026-11-23.
   */
  private static final Duration LATENESS = Duration.standardDays(32);

  private final JobSettings settings;
  private final String runId;

  /**
   * Writes below the settings' archive location.
   *
   * @param runId distinguishes the files of this run from those of other runs, whose panes have the
   *     same numbers
   */
  public ArchiveMessages(JobSettings settings, String runId) {
    this.settings = settings;
    this.runId = runId;
  }

  @Override
  public WriteFilesResult<String> expand(PCollection<KV<String, Envelope>> copies) {
    String events = settings.inputSubscription();
    String replays = settings.replaySubscription();
    SerializableFunction<KV<String, Envelope>, String> toLine =
        copy -> ArchiveJson.toLine(copy.getValue(), copy.getValue().isReplay() ? replays : events);
    String run = runId;
    return copies
        .apply("Gather", byHour())
        .apply(
            "WriteFiles",
            FileIO.<String, KV<String, Envelope>>writeDynamic()
                .by(copy -> ArchivePaths.folderOf(copy.getKey(), copy.getValue().deliveredMs()))
                .withDestinationCoder(StringUtf8Coder.of())
                .via(Contextful.fn(toLine), TextIO.sink())
                .to(settings.archiveLocation())
                .withNaming(folder -> ArchivePaths.naming(folder, run))
                .withCompression(Compression.GZIP)
                .withNumShards(settings.archiveShards()));
  }

  /**
   * Triggers on processing time only: an idle subscription holds the watermark, and files that wait
   * for it come late or never.
   */
  private Window<KV<String, Envelope>> byHour() {
    return Window.<KV<String, Envelope>>into(FixedWindows.of(WINDOW))
        .triggering(
            Repeatedly.forever(
                AfterFirst.of(
                    AfterPane.elementCountAtLeast(settings.archiveFileEvents()),
                    AfterProcessingTime.pastFirstElementInPane()
                        .plusDelayOf(Duration.millis(settings.archiveWindow().toMillis())))))
        .withAllowedLateness(LATENESS, ClosingBehavior.FIRE_IF_NON_EMPTY)
        .discardingFiredPanes();
  }
}
