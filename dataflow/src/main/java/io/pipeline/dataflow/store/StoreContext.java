package io.pipeline.dataflow.store;

/**
 * The time and conditions of one session.
 *
 * @param nowMs milliseconds since 1970
 * @param isLast true if nothing may be held any longer: the job drains, or the key is full
 */
public record StoreContext(long nowMs, boolean isLast) {}
