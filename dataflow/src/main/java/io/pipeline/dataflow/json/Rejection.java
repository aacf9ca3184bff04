package io.pipeline.dataflow.json;

/**
 * A message that is not a row, as a value: bad events are data.
 *
 * @param code the first that holds
 * @param detail for people; never holds a value of the event
 * @param eventType null where it is not known
 */
public record Rejection(RejectionCode code, String detail, String eventType) {}
