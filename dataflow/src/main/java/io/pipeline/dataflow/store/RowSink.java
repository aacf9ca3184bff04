package io.pipeline.dataflow.store;

import com.google.cloud.bigquery.storage.v1.ProtoRows;
import com.google.cloud.bigquery.storage.v1.ProtoSchema;
import java.util.concurrent.CompletableFuture;

/** Appends rows to tables. Called by many threads at once. */
public interface RowSink {

  /**
   * Append encoded rows to a table. Waits before it returns while too much is on its way.
   *
   * @param version tells apart the schemas of a table: the rows of one version have one {@code
   *     schema}
   * @return never fails: every failure is an answer
   */
  CompletableFuture<AppendAnswer> append(
      String table, String version, ProtoSchema schema, ProtoRows rows);
}
