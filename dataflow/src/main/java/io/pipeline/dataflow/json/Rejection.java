package io.pipeline.dataflow.json;

/**
 * The reason why a message does not become a row.
 *
 * @param code the first that applies
 * @param detail for people; contains no value of the event
 * @param eventType null if unknown
 */
public record Rejection(RejectionCode code, String detail, String eventType) {}
