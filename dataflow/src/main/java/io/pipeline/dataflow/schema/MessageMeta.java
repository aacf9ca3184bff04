package io.pipeline.dataflow.schema;

import java.time.Instant;

/** The message properties that go into a row. */
public record MessageMeta(String messageId, Instant publishTime) {}
