package io.pipeline.dataflow.schema;

import java.time.Instant;

/** What a row takes from the message around its event. */
public record MessageMeta(String messageId, Instant publishTime) {}
