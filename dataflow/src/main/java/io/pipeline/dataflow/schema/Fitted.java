package io.pipeline.dataflow.schema;

import java.util.List;

/**
 * The outcome of every leaf of one event against one version of a table.
 *
 * @param row the values that fit
 * @param overflow the values that no change would bring into a column; with {@code
 *     pendingToOverflow} the pending ones too
 * @param pending the changes that the remaining leaves need; empty if the row is complete
 * @param isTruncated true if the overflow alone exceeds the size of a row; {@link RowBuilder#build}
 *     then rejects the event
 * @param overflowSpelling extra bytes of the overflow's numbers as written in the event, compared
 *     with their JSON form
 * @param compiled the schema the event was fitted to
 */
public record Fitted(
    RowRecord row,
    List<OverflowEntry> overflow,
    List<SchemaChange> pending,
    boolean isTruncated,
    long overflowSpelling,
    CompiledSchema compiled) {}
