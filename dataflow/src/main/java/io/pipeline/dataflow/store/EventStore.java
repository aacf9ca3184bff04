package io.pipeline.dataflow.store;

import com.google.common.cache.CacheBuilder;
import com.google.common.cache.CacheLoader;
import com.google.common.cache.LoadingCache;
import io.pipeline.dataflow.json.EventMatcher;
import io.pipeline.dataflow.options.JobSettings;
import io.pipeline.dataflow.schema.EventRouter;
import io.pipeline.dataflow.schema.NewTables;
import io.pipeline.dataflow.schema.RowMatch;

/** Stores events in their tables. One per worker, shared by its threads. */
public final class EventStore {
  final JobSettings settings;
  final SchemaCache schemas;
  final RowSink sink;
  private final LoadingCache<String, WriterLag> lags;

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

  /** Opens a matcher of events for one thread, by the tables that this worker knows. */
  public EventMatcher openMatcher(EventRouter router) {
    RowMatch match = new RowMatch();
    return (eventType, data) -> {
      KnownTable table = schemas.peek(router.route(eventType));
      return table == null ? null : match.match(data, table.compiled());
    };
  }

  /** Opens a session for one thread. */
  public StoreSession open(StoreContext context, StoreMetrics metrics) {
    return new StoreSession(this, context, metrics);
  }

  /**
   * The state of a table, as far as it matters to held events.
   *
   * @param seen changes when the table changes
   * @param canRetryWriters true if the backoff for BigQuery's writers is over
   */
  public record TableStatus(String seen, boolean canRetryWriters) {}

  /**
   * Checks a table that events wait for. At most one call to BigQuery per poll interval and worker.
   */
  public TableStatus status(String table, long nowMs) {
    TableView view = schemas.look(table);
    if (view instanceof TableView.Present present) {
      boolean isPaused = lagOf(table).isPaused(present.table(), nowMs);
      return new TableStatus(present.table().version(), !isPaused);
    }
    NewTables rule =
        view instanceof TableView.Missing
            ? newTables(schemas.look(Quarantine.NAME))
            : NewTables.CREATE;
    if (rule != NewTables.CREATE) {
      boolean isPaused = lagOf(Quarantine.NAME).isPaused(Quarantine.TABLE, nowMs);
      return new TableStatus("refused " + rule, !isPaused);
    }
    return new TableStatus(view instanceof TableView.Missing ? "missing" : "unreadable", false);
  }

  /**
   * Returns the rule for an event whose table does not exist, as this worker saw it last: at most
   * {@code refresh} ago, and at most {@code poll} ago while a contract forbids the table, so that
   * the end of a wait for a person is seen soon.
   */
  NewTables newTables() {
    NewTables seen = newTables(schemas.get(Quarantine.NAME));
    return seen.isByContract() ? newTables(schemas.look(Quarantine.NAME)) : seen;
  }

  /** Returns the rule of {@code _quarantine}: {@link NewTables#CREATE} if it cannot be read. */
  static NewTables newTables(TableView quarantine) {
    return quarantine instanceof TableView.Present present
        ? present.table().compiled().schema().newTables()
        : NewTables.CREATE;
  }

  /**
   * Returns the table as BigQuery's writers know it: the version they accepted last, else the one
   * they report, else one with the pipeline's columns only, which exist from its creation.
   */
  KnownTable writerTable(KnownTable table) {
    WriterLag lag = lagOf(table.name());
    KnownTable accepted = lag.accepted();
    if (accepted != null) {
      return accepted;
    }
    KnownTable own =
        sink.writerColumns(table.name())
            .map(table::asKnownTo)
            .orElseGet(table::withoutEventColumns);
    lag.reported(own);
    return own;
  }

  WriterLag lagOf(String table) {
    return lags.getUnchecked(table);
  }
}
