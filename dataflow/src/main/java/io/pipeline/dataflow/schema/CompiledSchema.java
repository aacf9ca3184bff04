package io.pipeline.dataflow.schema;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * A schema prepared for {@link Fitter#fit}. Compile once per version of a table and reuse it.
 * Thread-safe.
 */
public final class CompiledSchema {
  private final TableSchema schema;
  private final Limits limits;
  private final CompiledRecord root;
  private final boolean isClosed;
  private final int longestName;

  /** Field number of every pipeline column; 0 if the table lacks it. */
  private final Map<PipelineColumn, Integer> pipelineFieldNumbers;

  private CompiledSchema(TableSchema schema, Limits limits) {
    this.schema = schema;
    this.limits = limits;
    this.pipelineFieldNumbers = new EnumMap<>(PipelineColumn.class);
    for (PipelineColumn column : PipelineColumn.values()) {
      pipelineFieldNumbers.put(column, 0);
    }
    List<CompiledColumn> own = new ArrayList<>();
    RecordCompiler compiler = new RecordCompiler(limits);
    RecordCompiler.Context table =
        new RecordCompiler.Context(0, true, schema.newColumns(), schema.typeChanges());
    for (int i = 0; i < schema.columns().size(); i++) {
      Column column = schema.columns().get(i);
      PipelineColumn pipelineColumn = PipelineColumn.named(column.name());
      if (pipelineColumn == null) {
        own.add(compiler.compileColumn(column, own.size(), i + 1, table));
      } else {
        pipelineFieldNumbers.put(pipelineColumn, i + 1);
      }
    }
    this.root = compiler.toRecord(own, 0, false, schema.newColumns());
    this.isClosed = schema.closed() || countLeaves(schema.columns()) >= limits.maxLeafColumns();
    this.longestName = longestName(schema.columns());
  }

  /**
   * Compiles a table's schema. Accepts any schema that BigQuery can report.
   *
   * <p>Cost: linear in the number of columns; compile once per version of the table, not per event.
   */
  public static CompiledSchema compile(TableSchema schema) {
    return compile(schema, Limits.DEFAULT);
  }

  public static CompiledSchema compile(TableSchema schema, Limits limits) {
    return new CompiledSchema(schema, limits);
  }

  public TableSchema schema() {
    return schema;
  }

  public Limits limits() {
    return limits;
  }

  public CompiledRecord root() {
    return root;
  }

  /**
   * True if the table accepts neither additions nor widening: its label says so, or its column
   * budget is spent.
   */
  public boolean isClosed() {
    return isClosed;
  }

  /**
   * Returns the field number of a pipeline column in the append's proto; 0 if the table lacks it.
   */
  public int fieldNumber(PipelineColumn column) {
    return pipelineFieldNumbers.get(column);
  }

  /** Returns the length of the longest column name in bytes. */
  int longestName() {
    return longestName;
  }

  /** Counts the columns that hold values, that is all but RECORDs. */
  static int countLeaves(List<Column> columns) {
    int leaves = 0;
    for (Column column : columns) {
      leaves += column.type() == ColumnType.RECORD ? countLeaves(column.columns()) : 1;
    }
    return leaves;
  }

  private static int longestName(List<Column> columns) {
    int longest = 0;
    for (Column column : columns) {
      int length = column.name().getBytes(StandardCharsets.UTF_8).length;
      longest = Math.max(longest, Math.max(length, longestName(column.columns())));
    }
    return longest;
  }
}
