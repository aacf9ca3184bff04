package io.pipeline.dataflow.schema;

import io.pipeline.dataflow.json.Rejection;

/**
 * A row, or the reason why there is none ({@code TOO_LARGE}): exactly one of the two is not null.
 *
 * @param row ready to be encoded
 * @param rejection expected for events near the maximum size of a message
 */
public record BuiltRow(Row row, Rejection rejection) {}
