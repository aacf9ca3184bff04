package io.pipeline.dataflow.io;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import org.apache.beam.sdk.io.FileIO;

/** Builds the folder and file names of the archive. */
public final class ArchivePaths {
  private static final DateTimeFormatter BY_HOUR =
      DateTimeFormatter.ofPattern("'dt='uuuu-MM-dd'/hr='HH", Locale.ROOT).withZone(ZoneOffset.UTC);

  private ArchivePaths() {}

  /** Returns for example {@code orders/dt=2026-11-23/hr=02}, in UTC. */
  public static String folderOf(String table, long publishTimeMs) {
    return table + "/" + BY_HOUR.format(Instant.ofEpochMilli(publishTimeMs));
  }

  /**
   * Names files {@code FOLDER/RUN-WINDOW-PANE-SHARD.ndjson.gz}: a retried bundle gets the same
   * name, and no two files share one.
   */
  public static FileIO.Write.FileNaming naming(String folder, String runId) {
    return (window, pane, numShards, shard, compression) ->
        String.format(
            Locale.ROOT,
            "%s/%s-%d-%d-%d.ndjson%s",
            folder,
            runId,
            window.maxTimestamp().getMillis(),
            pane.getIndex(),
            shard,
            compression.getSuggestedSuffix());
  }
}
