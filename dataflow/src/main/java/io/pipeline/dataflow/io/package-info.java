/** The clients of BigQuery, Pub/Sub and Cloud Storage, set up for the job. */
package io.pipeline.dataflow.io;
