/** Stores events in their tables: plain classes without Beam; BigQuery is behind ports. */
package io.pipeline.dataflow.store;
