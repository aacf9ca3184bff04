package io.pipeline.dataflow.schema;

import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * The complete row of one event.
 *
 * @param publishTimeMicros since 1970-01-01T00:00:00Z, like {@code ingestTimeMicros}
 * @param attributesJson JSON text of {@code _attributes}
 * @param overflowJson JSON text of {@code _overflow}; null if nothing overflowed
 * @param event the event's own columns; null if they are written already
 * @param written the event's own columns of an event whose bytes matched the schema, else null
 * @param compiled the schema it fits
 */
public record Row(
    String messageId,
    long publishTimeMicros,
    String eventType,
    long ingestTimeMicros,
    String attributesJson,
    String overflowJson,
    @Nullable RowRecord event,
    @Nullable WrittenFields written,
    CompiledSchema compiled) {}
