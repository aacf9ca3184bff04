/** The job: its named steps and its entry point. */
package io.pipeline.dataflow.pipeline;
