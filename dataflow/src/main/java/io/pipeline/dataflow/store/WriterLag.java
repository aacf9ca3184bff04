package io.pipeline.dataflow.store;

import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * What this worker has learnt of BigQuery's writers for one table. They know a change minutes after
 * it can be read: meanwhile rows that need nothing new go with the schema that was accepted last,
 * and the new one is tried now and then.
 */
final class WriterLag {
  private static final long FIRST_PAUSE_MS = 500;
  private static final long LONGEST_PAUSE_MS = 30_000;

  private @Nullable KnownTable accepted;
  private @Nullable String refusedVersion;
  private long retryAtMs;
  private long pauseMs;

  /** An append with this schema was stored. */
  synchronized void accepted(KnownTable table) {
    accepted = table;
    if (table.version().equals(refusedVersion)) {
      refusedVersion = null;
    }
  }

  /** An append with this schema was answered with <i>not yet</i>. */
  synchronized void refused(KnownTable table, long nowMs) {
    if (accepted != null && accepted.version().equals(table.version())) {
      accepted = null;
    }
    boolean isSame = table.version().equals(refusedVersion);
    if (isSame && nowMs < retryAtMs) {
      return;
    }
    pauseMs = isSame ? Math.min(LONGEST_PAUSE_MS, pauseMs * 2) : FIRST_PAUSE_MS;
    refusedVersion = table.version();
    retryAtMs = nowMs + pauseMs;
  }

  /** Is it too early to try this schema again? */
  synchronized boolean isPaused(KnownTable table, long nowMs) {
    return nowMs < retryAtMs && table.version().equals(refusedVersion);
  }

  /** The schema that was accepted last; null where none was, or not any more. */
  synchronized @Nullable KnownTable accepted() {
    return accepted;
  }
}
