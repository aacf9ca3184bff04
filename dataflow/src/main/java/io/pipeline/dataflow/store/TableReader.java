package io.pipeline.dataflow.store;

import io.pipeline.dataflow.schema.TableSchema;
import java.io.IOException;
import java.util.Optional;

/** Reads the current schema of a table. Thread-safe. */
public interface TableReader {

  /**
   * Reads one table.
   *
   * @return empty if the table does not exist
   * @throws IOException if BigQuery is unreachable or denies permission
   */
  Optional<TableSchema> read(String table) throws IOException;
}
