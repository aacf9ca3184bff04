package io.pipeline.dataflow.json;

/** The result of an {@link EventMatcher}: an event whose bytes fit a schema, and its values. */
public interface EventMatch {}
