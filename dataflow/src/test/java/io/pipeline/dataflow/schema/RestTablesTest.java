package io.pipeline.dataflow.schema;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.api.services.bigquery.model.Table;
import com.google.api.services.bigquery.model.TableFieldSchema;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Conversion of tables of the REST API. */
class RestTablesTest {
  @Test
  void readsNamesOfLegacySqlModesDescriptionsAndChildren() {
    TableFieldSchema child = new TableFieldSchema().setName("a").setType("FLOAT");
    TableFieldSchema record =
        new TableFieldSchema()
            .setName("r")
            .setType("RECORD")
            .setMode("REPEATED")
            .setDescription("pipeline:{\"key\":\"r-r\"}")
            .setFields(List.of(child));
    Table table = table(List.of(new TableFieldSchema().setName("b").setType("BOOLEAN"), record));

    TableSchema schema = RestTables.schemaOf(table.setLabels(Map.of("pipeline_schema", "closed")));

    assertEquals(
        new TableSchema(
            List.of(
                Column.of("b", ColumnType.BOOL),
                new Column(
                    "r",
                    ColumnType.RECORD,
                    ColumnMode.REPEATED,
                    "pipeline:{\"key\":\"r-r\"}",
                    List.of(Column.of("a", ColumnType.FLOAT64)))),
            true),
        schema);
  }

  @Test
  void aTableWithoutSchemaAndLabelsIsOpenAndHasNoColumns() {
    assertEquals(new TableSchema(List.of(), false), RestTables.schemaOf(new Table()));
  }

  @Test
  void theVerbsOfAContractAreLabels() {
    Table table =
        new Table()
            .setLabels(
                Map.of("pipeline_new_columns", "approve", "pipeline_type_changes", "overflow"));

    assertEquals(
        new TableSchema(
            List.of(), false, NewTables.CREATE, ChangeVerb.APPROVE, ChangeVerb.OVERFLOW),
        RestTables.schemaOf(table));
  }

  @Test
  void aLabelThatIsNoVerbLetsTheTableEvolve() {
    assertEquals(
        new TableSchema(List.of(), false),
        RestTables.schemaOf(new Table().setLabels(Map.of("pipeline_new_columns", "ask"))));
  }

  private static Table table(List<TableFieldSchema> fields) {
    return new Table()
        .setSchema(new com.google.api.services.bigquery.model.TableSchema().setFields(fields));
  }
}
