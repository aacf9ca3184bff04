/** Where every value of an event lands in a BigQuery table, and what it waits for. */
package io.pipeline.dataflow.schema;
