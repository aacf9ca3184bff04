package io.pipeline.dataflow.io;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import org.apache.beam.sdk.io.FileIO;

/** Names of folders and files of the copy in Cloud Storage. */
public final class ArchivePaths {
  private static final DateTimeFormatter BY_HOUR =
      DateTimeFormatter.ofPattern("'dt='uuuu-MM-dd'/hr='HH", Locale.ROOT).withZone(ZoneOffset.UTC);

  private ArchivePaths() {}

  /** {@code orders/dt=2026-11-23/hr=02}, in UTC. */
  public static String folderOf(String table, long publishTimeMs) {
    return table + "/" + BY_HOUR.format(Instant.ofEpochMilli(publishTimeMs));
  }

  /**
   * {@code FOLDER/RUN-WINDOW-PANE-SHARD.ndjson.gz}: the same again when a step is tried again,
   * never another's.
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
