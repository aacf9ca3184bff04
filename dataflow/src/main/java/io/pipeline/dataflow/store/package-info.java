/**
 * Brings events into their tables: plain classes that know neither Beam nor, but for ports,
 * BigQuery.
 */
package io.pipeline.dataflow.store;
