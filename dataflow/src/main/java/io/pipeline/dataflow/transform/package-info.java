/** Composite steps of the job; each owns the tags of its outputs. */
package io.pipeline.dataflow.transform;
