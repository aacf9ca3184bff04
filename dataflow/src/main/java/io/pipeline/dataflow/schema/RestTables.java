package io.pipeline.dataflow.schema;

import com.google.api.services.bigquery.model.Table;
import com.google.api.services.bigquery.model.TableFieldSchema;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Converts tables from BigQuery's REST API. The only file of this package that names its client.
 */
public final class RestTables {
  private static final String CLOSED_LABEL = "pipeline_schema";
  private static final String GUARD_LABEL = "pipeline_table_guard";
  private static final String NEW_TYPES_LABEL = "pipeline_new_types";
  private static final String NEW_COLUMNS_LABEL = "pipeline_new_columns";
  private static final String TYPE_CHANGES_LABEL = "pipeline_type_changes";

  private RestTables() {}

  /** Returns the table's schema; without columns if the resource has none. */
  public static TableSchema schemaOf(Table table) {
    Map<String, String> labels = table.getLabels() == null ? Map.of() : table.getLabels();
    List<TableFieldSchema> fields =
        table.getSchema() == null ? null : table.getSchema().getFields();
    return new TableSchema(
        columnsOf(fields),
        "closed".equals(labels.get(CLOSED_LABEL)),
        NewTables.ofLabels(labels.get(NEW_TYPES_LABEL), labels.get(GUARD_LABEL)),
        ChangeVerb.ofLabel(labels.get(NEW_COLUMNS_LABEL)),
        ChangeVerb.ofLabel(labels.get(TYPE_CHANGES_LABEL)));
  }

  private static List<Column> columnsOf(List<TableFieldSchema> fields) {
    return fields == null ? List.of() : fields.stream().map(RestTables::columnOf).toList();
  }

  private static Column columnOf(TableFieldSchema field) {
    String mode = field.getMode() == null ? "NULLABLE" : field.getMode();
    return new Column(
        field.getName(),
        typeOf(field.getType()),
        ColumnMode.valueOf(mode.toUpperCase(Locale.ROOT)),
        field.getDescription(),
        columnsOf(field.getFields()),
        TypeParameters.of(
            intOf(field.getMaxLength()), intOf(field.getPrecision()), intOf(field.getScale())));
  }

  private static Integer intOf(Long value) {
    return value == null ? null : Math.toIntExact(value);
  }

  /** BigQuery reports the type names of legacy SQL. */
  private static ColumnType typeOf(String type) {
    String name = type.toUpperCase(Locale.ROOT);
    return switch (name) {
      case "BOOLEAN" -> ColumnType.BOOL;
      case "INTEGER" -> ColumnType.INT64;
      case "FLOAT" -> ColumnType.FLOAT64;
      case "STRUCT" -> ColumnType.RECORD;
      case "DECIMAL" -> ColumnType.NUMERIC;
      case "BIGDECIMAL" -> ColumnType.BIGNUMERIC;
      default -> ColumnType.valueOf(name);
    };
  }
}
