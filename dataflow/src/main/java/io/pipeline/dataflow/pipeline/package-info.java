/** The job: its steps by name, and its start. */
package io.pipeline.dataflow.pipeline;
