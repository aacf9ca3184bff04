package io.pipeline.dataflow.store;

import com.google.common.cache.CacheBuilder;
import com.google.common.cache.CacheLoader;
import com.google.common.cache.LoadingCache;
import io.pipeline.dataflow.options.JobSettings;

/** Brings events into their tables; one for a worker, shared by its threads. */
public final class EventStore {
  final JobSettings settings;
  final SchemaCache schemas;
  final RowSink sink;
  private final LoadingCache<String, WriterLag> lags;

  /** A store over a cache of schemas and a sink. */
  public EventStore(JobSettings settings, SchemaCache schemas, RowSink sink) {
    this.settings = settings;
    this.schemas = schemas;
    this.sink = sink;
    this.lags =
        CacheBuilder.newBuilder()
            .maximumSize(settings.maxTables())
            .build(
                new CacheLoader<>() {
                  @Override
                  public WriterLag load(String table) {
                    return new WriterLag();
                  }
                });
  }

  /** Begin to store events; for one thread. */
  public StoreSession open(StoreContext context, StoreMetrics metrics) {
    return new StoreSession(this, context, metrics);
  }

  /**
   * What those who wait for a table can know without looking at their events.
   *
   * @param seen differs when the table is another one than it was
   * @param canRetryWriters is it time to try an append again?
   */
  public record TableStatus(String seen, boolean canRetryWriters) {}

  /**
   * Look at a table that events wait for. At most one call to BigQuery for each poll and worker.
   */
  public TableStatus status(String table, long nowMs) {
    TableView view = schemas.look(table);
    if (view instanceof TableView.Present present) {
      boolean isPaused = lagOf(table).isPaused(present.table(), nowMs);
      return new TableStatus(present.table().version(), !isPaused);
    }
    return new TableStatus(view instanceof TableView.Missing ? "missing" : "unreadable", false);
  }

  WriterLag lagOf(String table) {
    return lags.getUnchecked(table);
  }
}
