package io.pipeline.dataflow.schema;

/**
 * One value that is not in its column.
 *
 * @param pointer RFC 6901 over the event's keys
 * @param value compact JSON text, or null
 * @param literal the source text if BigQuery's JSON type would alter the value, or null; exactly
 *     one of the two
 */
public record OverflowEntry(String pointer, OverflowReason reason, String value, String literal) {}
