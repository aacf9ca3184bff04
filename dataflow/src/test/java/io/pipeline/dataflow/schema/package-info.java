/**
 * The contract vectors, and what only tests need: planning and rebuilding, which the job itself
 * never does.
 */
package io.pipeline.dataflow.schema;
