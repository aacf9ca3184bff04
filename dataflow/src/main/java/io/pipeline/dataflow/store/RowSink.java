package io.pipeline.dataflow.store;

import com.google.cloud.bigquery.storage.v1.ProtoRows;
import com.google.cloud.bigquery.storage.v1.ProtoSchema;
import io.pipeline.dataflow.schema.Column;
import java.util.List;
import java.util.Optional;
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

  /**
   * Reads the columns of a table as BigQuery's writers know them, which may lag minutes behind the
   * REST API. Descriptions may be missing.
   *
   * @return empty if the writers do not know the table, or could not be asked
   */
  Optional<List<Column>> writerColumns(String table);
}
