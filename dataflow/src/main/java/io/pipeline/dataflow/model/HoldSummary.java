package io.pipeline.dataflow.model;

/**
 * Summary of the events held under one key; most polls need not read the events themselves.
 *
 * @param dueMs end of the first wait, milliseconds since 1970
 * @param seen table version at the last attempt
 * @param hasWriterWaits true if at least one event waits for BigQuery's writers
 */
public record HoldSummary(
    String table, int count, long bytes, long dueMs, String seen, boolean hasWriterWaits) {

  public static HoldSummary empty(String table, String seen) {
    return new HoldSummary(table, 0, 0, Long.MAX_VALUE, seen, false);
  }

  /** Returns a copy that includes one more event. */
  public HoldSummary plus(HeldEvent held, long waitMs) {
    boolean isWriterWait = held.waitsFor() == Wait.WRITER;
    long from = isWriterWait ? held.sinceMs() : held.event().envelope().deliveredMs();
    return new HoldSummary(
        table,
        count + 1,
        bytes + held.sizeBytes(),
        Math.min(dueMs, from + waitMs),
        seen,
        hasWriterWaits || isWriterWait);
  }
}
