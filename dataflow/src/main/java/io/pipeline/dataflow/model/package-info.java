/**
 * What flows between the steps of the job, immutable, each with a coder whose bytes stay readable
 * over updates.
 */
package io.pipeline.dataflow.model;
