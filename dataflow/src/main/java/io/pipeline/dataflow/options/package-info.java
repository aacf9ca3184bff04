/** Options of the job, validated once before anything runs. */
package io.pipeline.dataflow.options;
