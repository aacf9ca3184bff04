package io.pipeline.dataflow.schema;

import java.io.Serializable;
import java.util.List;

/**
 * One column or nested field of a table.
 *
 * @param description empty if absent; its last line may be the pipeline's note
 * @param columns the children of a RECORD, else empty
 * @param parameters null for a type without parameters
 */
public record Column(
    String name,
    ColumnType type,
    ColumnMode mode,
    String description,
    List<Column> columns,
    TypeParameters parameters)
    implements Serializable {
  public Column {
    description = description == null ? "" : description;
    columns = columns == null ? List.of() : List.copyOf(columns);
  }

  public Column(
      String name, ColumnType type, ColumnMode mode, String description, List<Column> columns) {
    this(name, type, mode, description, columns, null);
  }

  public static Column of(String name, ColumnType type) {
    return new Column(name, type, ColumnMode.NULLABLE, "", List.of());
  }
}
