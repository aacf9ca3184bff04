/** What the job can be told, checked once before anything runs. */
package io.pipeline.dataflow.options;
