/** The steps that run on workers: thin, their rules are in plain classes. */
package io.pipeline.dataflow.fn;
