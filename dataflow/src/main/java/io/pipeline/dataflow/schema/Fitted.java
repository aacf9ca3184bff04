package io.pipeline.dataflow.schema;

import java.util.List;

/**
 * Where every leaf of one event lands against one version of a table.
 *
 * @param row what fits the columns as they are
 * @param overflow what no change would bring into a column; with the wait over, also what one would
 *     have
 * @param pending the changes the remaining leaves wait for; empty when the row is whole
 * @param isTruncated is the overflow alone larger than a row may be; {@link RowBuilder#build} then
 *     rejects it
 * @param overflowSpelling bytes that the overflow's numbers have more as the event wrote them than
 *     as JSON
 * @param compiled the schema it was fitted against
 */
public record Fitted(
    RowRecord row,
    List<OverflowEntry> overflow,
    List<SchemaChange> pending,
    boolean isTruncated,
    long overflowSpelling,
    CompiledSchema compiled) {}
