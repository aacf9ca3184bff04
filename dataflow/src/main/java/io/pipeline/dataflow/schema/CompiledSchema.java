package io.pipeline.dataflow.schema;

/**
 * A schema prepared for {@link Fitter#fit}; make one per version of a table and keep it. Safe to
 * share by threads.
 */
public final class CompiledSchema {
  private final TableSchema schema;
  private final Limits limits;
  private final CompiledRecord root;
  private final boolean isClosed;
  private final int[] pipelineFieldNumbers;

  CompiledSchema(
      TableSchema schema,
      Limits limits,
      CompiledRecord root,
      boolean isClosed,
      int[] pipelineFieldNumbers) {
    this.schema = schema;
    this.limits = limits;
    this.root = root;
    this.isClosed = isClosed;
    this.pipelineFieldNumbers = pipelineFieldNumbers;
  }

  /**
   * Prepares a table's schema. Total: any schema BigQuery can report is accepted.
   *
   * <p>Cost: linear in the number of columns; do it once for each version of the table, not for
   * each event.
   */
  public static CompiledSchema compile(TableSchema schema) {
    return compile(schema, Limits.DEFAULT);
  }

  /** The same with other limits. */
  public static CompiledSchema compile(TableSchema schema, Limits limits) {
    return null; // in work
  }

  public TableSchema schema() {
    return schema;
  }

  public Limits limits() {
    return limits;
  }

  /** The event's own columns. */
  public CompiledRecord root() {
    return root;
  }

  /** No additions and no widening: the label says so, or the budget of columns is spent. */
  public boolean isClosed() {
    return isClosed;
  }

  /**
   * The number of the pipeline's own column in the append's proto; 0 where the table does not have
   * it.
   */
  public int fieldNumber(PipelineColumn column) {
    return pipelineFieldNumbers[column.ordinal()];
  }
}
