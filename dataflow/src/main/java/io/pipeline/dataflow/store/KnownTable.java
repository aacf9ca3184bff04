package io.pipeline.dataflow.store;

import com.google.cloud.bigquery.storage.v1.ProtoSchema;
import com.google.common.hash.Hashing;
import io.pipeline.dataflow.schema.Column;
import io.pipeline.dataflow.schema.CompiledSchema;
import io.pipeline.dataflow.schema.PipelineColumn;
import io.pipeline.dataflow.schema.TableSchema;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** One version of a table, prepared for {@code fit} and for appends. Thread-safe. */
public final class KnownTable {
  private final String name;
  private final String version;
  private final CompiledSchema compiled;
  private final ProtoSchema writerSchema;

  private KnownTable(
      String name, String version, CompiledSchema compiled, ProtoSchema writerSchema) {
    this.name = name;
    this.version = version;
    this.compiled = compiled;
    this.writerSchema = writerSchema;
  }

  /** Prepares a version; linear in its columns. */
  public static KnownTable of(String name, TableSchema schema) {
    String version =
        Hashing.sha256().hashString(schema.toString(), StandardCharsets.UTF_8).toString();
    return new KnownTable(
        name, version, CompiledSchema.compile(schema), WriterSchemas.of(schema.columns()));
  }

  /** Prepares a table whose rows are not made by {@code fit}, with a proto schema of their own. */
  static KnownTable of(String name, TableSchema schema, ProtoSchema writerSchema) {
    KnownTable table = of(name, schema);
    return new KnownTable(name, table.version, table.compiled, writerSchema);
  }

  /** Returns the table with only the pipeline's own columns, which exist from its creation. */
  public KnownTable withoutEventColumns() {
    List<Column> own =
        compiled.schema().columns().stream()
            .filter(column -> PipelineColumn.named(column.name()) != null)
            .toList();
    return of(name, compiled.schema().withColumns(own));
  }

  /**
   * Returns the table as BigQuery's writers know it: only their columns, with their types, and the
   * descriptions that this version has.
   */
  public KnownTable asKnownTo(List<Column> writerColumns) {
    List<Column> known = common(compiled.schema().columns(), writerColumns);
    return of(name, compiled.schema().withColumns(known));
  }

  private static List<Column> common(List<Column> columns, List<Column> writerColumns) {
    Map<String, Column> byName = new HashMap<>();
    writerColumns.forEach(column -> byName.put(column.name().toLowerCase(Locale.ROOT), column));
    List<Column> known = new ArrayList<>();
    for (Column column : columns) {
      Column written = byName.get(column.name().toLowerCase(Locale.ROOT));
      if (written != null) {
        known.add(
            new Column(
                column.name(),
                written.type(),
                written.mode(),
                column.description(),
                common(column.columns(), written.columns()),
                written.parameters()));
      }
    }
    return known;
  }

  /** Returns the name, without dataset. */
  public String name() {
    return name;
  }

  /**
   * Returns a hash of the schema, equal on every worker. BigQuery's etag also changes for other
   * reasons.
   */
  public String version() {
    return version;
  }

  public CompiledSchema compiled() {
    return compiled;
  }

  /** Returns the proto schema that rows are sent with. */
  public ProtoSchema writerSchema() {
    return writerSchema;
  }
}
