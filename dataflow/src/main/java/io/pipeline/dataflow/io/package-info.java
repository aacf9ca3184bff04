/** Clients of BigQuery, Pub/Sub and Cloud Storage, configured for the job. */
package io.pipeline.dataflow.io;
