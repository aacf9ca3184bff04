package io.pipeline.dataflow.schema;

import java.io.Serializable;
import java.util.List;

/**
 * The schema of one table as BigQuery reports it.
 *
 * @param columns all columns in the table's order, the pipeline's own included
 * @param closed true if the table has the label {@code pipeline_schema=closed}: no column is added
 *     and none is widened
 * @param newTables the rule for events whose table does not exist; only {@code _quarantine} has one
 * @param newColumns a contract's verb for new columns and fields, from the label {@code
 *     pipeline_new_columns}
 * @param typeChanges a contract's verb for wider types, from the label {@code
 *     pipeline_type_changes}
 */
public record TableSchema(
    List<Column> columns,
    boolean closed,
    NewTables newTables,
    ChangeVerb newColumns,
    ChangeVerb typeChanges)
    implements Serializable {
  public TableSchema {
    columns = List.copyOf(columns);
  }

  public TableSchema(List<Column> columns, boolean closed) {
    this(columns, closed, NewTables.CREATE);
  }

  public TableSchema(List<Column> columns, boolean closed, NewTables newTables) {
    this(columns, closed, newTables, ChangeVerb.EVOLVE, ChangeVerb.EVOLVE);
  }

  /** Returns the schema with other columns, and labels as they are. */
  public TableSchema withColumns(List<Column> others) {
    return new TableSchema(others, closed, newTables, newColumns, typeChanges);
  }
}
