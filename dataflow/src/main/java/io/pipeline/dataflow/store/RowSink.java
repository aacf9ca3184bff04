package io.pipeline.dataflow.store;

import com.google.cloud.bigquery.storage.v1.ProtoRows;
import com.google.cloud.bigquery.storage.v1.ProtoSchema;
import java.util.concurrent.CompletableFuture;

/** Appends rows to tables. Thread-safe. */
public interface RowSink {

  /**
   * Appends encoded rows to a table. Blocks while too many bytes are in flight.
   *
   * @param version identifies the schema: all rows of a version have the same {@code schema}
   * @return never fails; every failure is an answer
   */
  CompletableFuture<AppendAnswer> append(
      String table, String version, ProtoSchema schema, ProtoRows rows);
}
