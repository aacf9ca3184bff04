package io.pipeline.dataflow.model;

/**
 * What waits in one key, so that most looks need not read the events themselves.
 *
 * @param dueMs when the first wait is over, milliseconds since 1970
 * @param seen what the table was when the events were looked at last
 * @param hasWriterWaits does one of them wait for BigQuery's writers?
 */
public record HoldSummary(
    String table, int count, long bytes, long dueMs, String seen, boolean hasWriterWaits) {

  /** An empty key of a table. */
  public static HoldSummary empty(String table, String seen) {
    return new HoldSummary(table, 0, 0, Long.MAX_VALUE, seen, false);
  }

  /** With one event more. */
  public HoldSummary plus(HeldEvent held, long waitMs) {
    boolean isWriterWait = held.waitsFor() == Wait.WRITER;
    long from = isWriterWait ? held.sinceMs() : held.event().envelope().publishTimeMs();
    return new HoldSummary(
        table,
        count + 1,
        bytes + held.sizeBytes(),
        Math.min(dueMs, from + waitMs),
        seen,
        hasWriterWaits || isWriterWait);
  }
}
