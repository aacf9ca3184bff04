package io.pipeline.dataflow.store;

import io.pipeline.dataflow.json.EventTypeSources;
import io.pipeline.dataflow.model.DeadLetterReason;
import io.pipeline.dataflow.model.Envelope;
import io.pipeline.dataflow.model.RoutedEvent;
import io.pipeline.dataflow.model.Wait;
import io.pipeline.dataflow.schema.BuiltRow;
import io.pipeline.dataflow.schema.FitOptions;
import io.pipeline.dataflow.schema.Fitted;
import io.pipeline.dataflow.schema.Fitter;
import io.pipeline.dataflow.schema.MessageMeta;
import io.pipeline.dataflow.schema.NewTables;
import io.pipeline.dataflow.schema.OverflowEntry;
import io.pipeline.dataflow.schema.RowBuilder;
import java.time.Instant;

/**
 * Decides for one event whether to append, hold or reject it.
 *
 * <p>An event waits while its table is missing, until the wait limit counted from its delivery, and
 * while BigQuery is unreachable or its writers do not know the table, for as long again counted
 * from the first refusal. A row waits for its columns until the column grace is over; then values
 * that need a change go to the overflow.
 *
 * <p>While table-manager creates no tables, because a limit on them is reached or a contract wants
 * a person to approve new types, an event without a table goes whole into {@code _quarantine}; it
 * is a dead letter if a contract rejects new types. If this worker has seen the table, it waits
 * first, because table-manager creates such a table again.
 */
final class EventDecider {
  static final String NOT_ALLOWED =
      "The contract of the dataset rejects new event types, and the table does not exist.";

  private final EventStore store;
  private final SchemaCache schemas;
  private final long waitMs;
  private final long columnGraceMs;
  private final EventTypeSources sources;
  private final RowEncoder encoder = new RowEncoder();
  private final StoreMetrics metrics;

  EventDecider(EventStore store, StoreMetrics metrics) {
    this.store = store;
    this.schemas = store.schemas;
    this.waitMs = store.settings.schemaWait().toMillis();
    this.columnGraceMs = store.settings.columnGrace().toMillis();
    this.sources = store.settings.eventTypeFrom();
    this.metrics = metrics;
  }

  Decision decide(Attempt attempt, WriterLag lag, StoreContext context) {
    String table = attempt.event().table();
    boolean isSchemaWaitOver = isSchemaWaitOver(attempt, context);
    TableView view = isSchemaWaitOver ? schemas.look(table) : schemas.get(table);
    if (view instanceof TableView.Present present) {
      return decide(attempt, present.table(), lag, context);
    }
    if (view instanceof TableView.Unreadable unreadable) {
      return isWriterWaitOver(attempt, context)
          ? reject(
              attempt,
              DeadLetterReason.APPEND_FAILED,
              "The table cannot be read: " + unreadable.message())
          : hold(attempt, Wait.WRITER, context, "the table cannot be read");
    }
    if (isSchemaWaitOver) {
      return decideAtLimit(attempt, context);
    }
    boolean wasKnown = view instanceof TableView.Missing missing && missing.wasKnown();
    NewTables rule = wasKnown ? NewTables.CREATE : store.newTables();
    return rule == NewTables.CREATE
        ? hold(attempt, Wait.SCHEMA, context, "the table is missing")
        : refuse(attempt, rule, context);
  }

  /** Reads the labels again, because they may have been set since the event began to wait. */
  private Decision decideAtLimit(Attempt attempt, StoreContext context) {
    TableView quarantine = schemas.look(Quarantine.NAME);
    NewTables rule = EventStore.newTables(quarantine);
    if (rule != NewTables.CREATE) {
      return refuse(attempt, rule, context);
    }
    return quarantine instanceof TableView.Unreadable && !isWriterWaitOver(attempt, context)
        ? hold(attempt, Wait.WRITER, context, "the labels of _quarantine cannot be read")
        : reject(
            attempt,
            DeadLetterReason.TABLE_MISSING,
            "The table did not exist when the wait limit expired.");
  }

  /** The outcome of an event whose table may not be created. */
  private Decision refuse(Attempt attempt, NewTables rule, StoreContext context) {
    return rule == NewTables.TYPE_NOT_ALLOWED
        ? new Decision.Reject(
            attempt.reject(DeadLetterReason.TYPE_NOT_ALLOWED.name(), "reconcile", NOT_ALLOWED))
        : quarantine(attempt, rule, context);
  }

  /** Appends the whole message to {@code _quarantine}; its writers may not know that table yet. */
  private Decision quarantine(Attempt attempt, NewTables rule, StoreContext context) {
    return store.lagOf(Quarantine.NAME).isPaused(Quarantine.TABLE, context.nowMs())
            && !isWriterWaitOver(attempt, context)
        ? hold(attempt, Wait.WRITER, context, "BigQuery's writers do not know _quarantine yet")
        : new Decision.Append(
            Quarantine.TABLE, Quarantine.encode(attempt.event(), rule, context.nowMs()));
  }

  private Decision decide(Attempt attempt, KnownTable table, WriterLag lag, StoreContext context) {
    if (lag.isPaused(table, context.nowMs())) {
      return decideForWriters(attempt, table, lag, context);
    }
    Fitted fitted = fit(attempt, table, FitOptions.LIST_PENDING);
    if (fitted.pending().isEmpty()) {
      return append(attempt, table, fitted, context);
    }
    if (schemas.look(table.name()) instanceof TableView.Present newer
        && !newer.table().version().equals(table.version())) {
      return decide(attempt, newer.table(), lag, context);
    }
    return isColumnGraceOver(attempt, context)
        ? append(attempt, table, fit(attempt, table, FitOptions.PENDING_TO_OVERFLOW), context)
        : hold(attempt, Wait.COLUMN, context, "a column is missing or too narrow");
  }

  /** Fits to the version that BigQuery's writers know, because they refused the current one. */
  private Decision decideForWriters(
      Attempt attempt, KnownTable table, WriterLag lag, StoreContext context) {
    if (lag.isTableUnknown() && !isWriterWaitOver(attempt, context)) {
      return hold(attempt, Wait.WRITER, context, "BigQuery's writers do not know the table");
    }
    KnownTable known = store.writerTable(table);
    Fitted fitted = fit(attempt, known, FitOptions.LIST_PENDING);
    if (fitted.pending().isEmpty()) {
      return append(attempt, known, fitted, context);
    }
    if (!isColumnGraceOver(attempt, context)) {
      return hold(attempt, Wait.WRITER, context, "BigQuery's writers do not know a column yet");
    }
    return append(attempt, known, fit(attempt, known, FitOptions.PENDING_TO_OVERFLOW), context);
  }

  private boolean isSchemaWaitOver(Attempt attempt, StoreContext context) {
    return context.isLast() || context.nowMs() >= attempt.event().envelope().deliveredMs() + waitMs;
  }

  private boolean isColumnGraceOver(Attempt attempt, StoreContext context) {
    long endMs = attempt.event().envelope().deliveredMs() + columnGraceMs;
    return context.isLast() || context.nowMs() >= endMs;
  }

  boolean isWriterWaitOver(Attempt attempt, StoreContext context) {
    return context.isLast()
        || (attempt.waitsFor() == Wait.WRITER && context.nowMs() >= attempt.sinceMs() + waitMs);
  }

  private Fitted fit(Attempt attempt, KnownTable table, FitOptions options) {
    return Fitter.fit(attempt.event().event(sources), table.compiled(), options);
  }

  private Decision append(Attempt attempt, KnownTable table, Fitted fitted, StoreContext context) {
    RoutedEvent event = attempt.event();
    Envelope envelope = event.envelope();
    MessageMeta message =
        new MessageMeta(envelope.messageId(), Instant.ofEpochMilli(envelope.publishTimeMs()));
    BuiltRow built =
        RowBuilder.build(
            message, event.event(sources), fitted, Instant.ofEpochMilli(context.nowMs()));
    if (built.rejection() != null) {
      return new Decision.Reject(
          attempt.reject(built.rejection().code().name(), "fit", built.rejection().detail()));
    }
    for (OverflowEntry entry : fitted.overflow()) {
      metrics.count(entry.reason().name(), 1);
    }
    return new Decision.Append(table, encoder.encode(built.row()));
  }

  private static Decision hold(Attempt attempt, Wait what, StoreContext context, String why) {
    return new Decision.Hold(attempt.hold(what, context.nowMs(), why));
  }

  private static Decision reject(Attempt attempt, DeadLetterReason reason, String detail) {
    return new Decision.Reject(attempt.reject(reason.name(), "append", detail));
  }
}
