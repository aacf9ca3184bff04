package io.pipeline.dataflow.schema;

/**
 * The complete row of one event.
 *
 * @param publishTimeMicros since 1970-01-01T00:00:00Z, like {@code ingestTimeMicros}
 * @param attributesJson JSON text of {@code _attributes}
 * @param overflowJson JSON text of {@code _overflow}; null if nothing overflowed
 * @param event the event's own columns
 * @param compiled the schema it fits
 */
public record Row(
    String messageId,
    long publishTimeMicros,
    String eventType,
    long ingestTimeMicros,
    String attributesJson,
    String overflowJson,
    RowRecord event,
    CompiledSchema compiled) {}
