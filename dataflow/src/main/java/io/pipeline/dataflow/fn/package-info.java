/** Thin DoFns that run on workers; their rules live in plain classes. */
package io.pipeline.dataflow.fn;
