package io.pipeline.dataflow.store;

import io.pipeline.dataflow.schema.TableSchema;
import java.io.IOException;
import java.util.Optional;

/** Reads a table's schema as BigQuery has it now. Called by many threads at once. */
public interface TableReader {

  /**
   * Read one table.
   *
   * @return nothing when there is no such table
   * @throws IOException when BigQuery cannot be reached or does not grant the right
   */
  Optional<TableSchema> read(String table) throws IOException;
}
