package io.pipeline.dataflow.schema;

import java.util.Map;

/**
 * What a value would make of a new column: a candidate, by keys.
 *
 * @param fields the children of a RECORD by event key, in order of first sight; null for any other
 *     type
 */
public record Shape(ColumnType type, boolean isRepeated, Map<String, Shape> fields) {}
