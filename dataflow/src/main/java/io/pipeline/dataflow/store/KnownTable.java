package io.pipeline.dataflow.store;

import com.google.cloud.bigquery.storage.v1.ProtoSchema;
import com.google.common.hash.Hashing;
import io.pipeline.dataflow.schema.Column;
import io.pipeline.dataflow.schema.CompiledSchema;
import io.pipeline.dataflow.schema.PipelineColumn;
import io.pipeline.dataflow.schema.TableSchema;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** One version of a table, ready for {@code fit} and for appends. Shared by threads. */
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

  /** Prepare a version; linear in its columns. */
  public static KnownTable of(String name, TableSchema schema) {
    String version =
        Hashing.sha256().hashString(schema.toString(), StandardCharsets.UTF_8).toString();
    return new KnownTable(
        name, version, CompiledSchema.compile(schema), WriterSchemas.of(schema.columns()));
  }

  /**
   * The table with nothing but the pipeline's own columns, which it has had from its first context.
   */
  public KnownTable withoutEventColumns() {
    List<Column> own =
        compiled.schema().columns().stream()
            .filter(column -> PipelineColumn.named(column.name()) != null)
            .toList();
    return of(name, new TableSchema(own, compiled.schema().closed()));
  }

  /** Its name, without dataset. */
  public String name() {
    return name;
  }

  /** The same for the same schema, on every worker: BigQuery's etag changes with more than that. */
  public String version() {
    return version;
  }

  /** The schema for {@code fit}. */
  public CompiledSchema compiled() {
    return compiled;
  }

  /** The schema that rows which fit it are sent with. */
  public ProtoSchema writerSchema() {
    return writerSchema;
  }
}
