package io.pipeline.dataflow.schema;

import java.util.List;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * The outcome of every leaf of one event against one version of a table.
 *
 * @param row the values that fit; null if they are written already
 * @param written the values of an event whose bytes matched the schema, else null
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
    @Nullable RowRecord row,
    @Nullable WrittenFields written,
    List<OverflowEntry> overflow,
    List<SchemaChange> pending,
    boolean isTruncated,
    long overflowSpelling,
    CompiledSchema compiled) {}
