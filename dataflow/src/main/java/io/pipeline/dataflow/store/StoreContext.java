package io.pipeline.dataflow.store;

/**
 * When events are brought into their tables.
 *
 * @param nowMs milliseconds since 1970
 * @param isLast nothing may be held any longer: the job is drained, or there is no room to wait
 */
public record StoreContext(long nowMs, boolean isLast) {}
