/**
 * Immutable elements that flow between the steps of the job. The encoding of each coder stays
 * readable across updates in place.
 */
package io.pipeline.dataflow.model;
