package io.pipeline.dataflow.schema;

import java.io.Serializable;
import java.util.List;

/**
 * The schema of one table as BigQuery reports it.
 *
 * @param columns all columns in the table's order, the pipeline's own included
 * @param closed true if the table has the label {@code pipeline_schema=closed}: no column is added
 *     and none is widened
 */
public record TableSchema(List<Column> columns, boolean closed) implements Serializable {
  public TableSchema {
    columns = List.copyOf(columns);
  }
}
