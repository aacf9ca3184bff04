package io.pipeline.dataflow.schema;

import java.io.Serializable;
import java.util.List;

/**
 * The schema of one table as BigQuery reports it.
 *
 * @param columns all columns in the table's order, the pipeline's own included
 * @param closed true if the table has the label {@code pipeline_schema=closed}: no column is added
 *     and none is widened
 * @param tableGuardOn true if the table has the label {@code pipeline_table_guard=on}: only {@code
 *     _quarantine} has it, and no table is created for a new event type
 * @param newColumns a contract's verb for new columns and fields, from the label {@code
 *     pipeline_new_columns}
 * @param typeChanges a contract's verb for wider types, from the label {@code
 *     pipeline_type_changes}
 */
public record TableSchema(
    List<Column> columns,
    boolean closed,
    boolean tableGuardOn,
    ChangeVerb newColumns,
    ChangeVerb typeChanges)
    implements Serializable {
  public TableSchema {
    columns = List.copyOf(columns);
  }

  public TableSchema(List<Column> columns, boolean closed) {
    this(columns, closed, false);
  }

  public TableSchema(List<Column> columns, boolean closed, boolean tableGuardOn) {
    this(columns, closed, tableGuardOn, ChangeVerb.EVOLVE, ChangeVerb.EVOLVE);
  }

  /** Returns the schema with other columns, and labels as they are. */
  public TableSchema withColumns(List<Column> others) {
    return new TableSchema(others, closed, tableGuardOn, newColumns, typeChanges);
  }
}
