package io.pipeline.dataflow.store;

import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Tracks for one table which schemas BigQuery's writers accept. They learn a change minutes after
 * it can be read; meanwhile rows that fit the last accepted schema use it, and the new one is
 * retried with backoff.
 */
final class WriterLag {
  private static final long FIRST_PAUSE_MS = 500;
  private static final long LONGEST_PAUSE_MS = 30_000;

  private @Nullable KnownTable accepted;
  private boolean isTableUnknown;
  private @Nullable String refusedVersion;
  private long retryAtMs;
  private long pauseMs;

  /** Records a stored append. */
  synchronized void accepted(KnownTable table) {
    accepted = table;
    isTableUnknown = false;
    if (table.version().equals(refusedVersion)) {
      refusedVersion = null;
    }
  }

  /** Records an append that was answered <i>not yet</i>. */
  synchronized void refused(KnownTable table, boolean tableUnknown, long nowMs) {
    isTableUnknown = tableUnknown;
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

  /** True while the backoff for this schema lasts. */
  synchronized boolean isPaused(KnownTable table, long nowMs) {
    return nowMs < retryAtMs && table.version().equals(refusedVersion);
  }

  /** True if the last refusal was about the table itself. */
  synchronized boolean isTableUnknown() {
    return isTableUnknown;
  }

  /** Keeps a schema that the writers reported as their own. */
  synchronized void reported(KnownTable own) {
    accepted = own;
  }

  /** Returns the last accepted schema; null if there is none, or if it was refused since. */
  synchronized @Nullable KnownTable accepted() {
    return accepted;
  }
}
