package io.pipeline.dataflow.store;

import io.pipeline.dataflow.model.DeadLetterReason;
import io.pipeline.dataflow.model.Envelope;
import io.pipeline.dataflow.model.RoutedEvent;
import io.pipeline.dataflow.model.Wait;
import io.pipeline.dataflow.schema.BuiltRow;
import io.pipeline.dataflow.schema.FitOptions;
import io.pipeline.dataflow.schema.Fitted;
import io.pipeline.dataflow.schema.Fitter;
import io.pipeline.dataflow.schema.MessageMeta;
import io.pipeline.dataflow.schema.OverflowEntry;
import io.pipeline.dataflow.schema.RowBuilder;
import java.time.Duration;
import java.time.Instant;

/**
 * Decides for one event: append it, wait, or give it up.
 *
 * <p>It waits for its table and its columns until the wait limit, counted from its publish time,
 * and for BigQuery's writers as long again from when they first refused. After that the values that
 * wait go to the overflow; only where there is no table the event becomes a dead letter. Nothing
 * waits for a change that cannot come: {@code fit} does not call it pending.
 */
final class EventDecider {
  private final SchemaCache schemas;
  private final long waitMs;
  private final RowEncoder encoder = new RowEncoder();
  private final StoreMetrics metrics;

  EventDecider(SchemaCache schemas, Duration wait, StoreMetrics metrics) {
    this.schemas = schemas;
    this.waitMs = wait.toMillis();
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
    return isSchemaWaitOver
        ? reject(
            attempt,
            DeadLetterReason.TABLE_MISSING,
            "There was no such table before the wait limit.")
        : hold(attempt, Wait.SCHEMA, context, "the table is missing");
  }

  private Decision decide(Attempt attempt, KnownTable table, WriterLag lag, StoreContext context) {
    if (lag.isPaused(table, context.nowMs())) {
      return decideWithOlder(attempt, table, lag, context);
    }
    Fitted fitted = fit(attempt, table, FitOptions.WAITING);
    if (fitted.pending().isEmpty()) {
      return append(attempt, table, fitted, context);
    }
    if (schemas.look(table.name()) instanceof TableView.Present newer
        && !newer.table().version().equals(table.version())) {
      return decide(attempt, newer.table(), lag, context);
    }
    return isSchemaWaitOver(attempt, context)
        ? append(attempt, table, fit(attempt, table, FitOptions.WAIT_OVER), context)
        : hold(attempt, Wait.SCHEMA, context, "a column is missing or too narrow");
  }

  /** BigQuery's writers do not know {@code table} yet; they may know what it was before. */
  private Decision decideWithOlder(
      Attempt attempt, KnownTable table, WriterLag lag, StoreContext context) {
    KnownTable older = lag.accepted();
    if (older != null) {
      Fitted fitted = fit(attempt, older, FitOptions.WAITING);
      if (fitted.pending().isEmpty()) {
        return append(attempt, older, fitted, context);
      }
    }
    if (!isSchemaWaitOver(attempt, context)
        && !fit(attempt, table, FitOptions.WAITING).pending().isEmpty()) {
      return hold(attempt, Wait.SCHEMA, context, "a column is missing or too narrow");
    }
    if (!isWriterWaitOver(attempt, context)) {
      return hold(
          attempt, Wait.WRITER, context, "BigQuery's writers do not know the table as it is");
    }
    KnownTable known = older == null ? table.withoutEventColumns() : older;
    return append(attempt, known, fit(attempt, known, FitOptions.WAIT_OVER), context);
  }

  private boolean isSchemaWaitOver(Attempt attempt, StoreContext context) {
    return context.isLast()
        || context.nowMs() >= attempt.event().envelope().publishTimeMs() + waitMs;
  }

  boolean isWriterWaitOver(Attempt attempt, StoreContext context) {
    return context.isLast()
        || (attempt.waitsFor() == Wait.WRITER && context.nowMs() >= attempt.sinceMs() + waitMs);
  }

  private static Fitted fit(Attempt attempt, KnownTable table, FitOptions options) {
    return Fitter.fit(attempt.event().event(), table.compiled(), options);
  }

  private Decision append(Attempt attempt, KnownTable table, Fitted fitted, StoreContext context) {
    RoutedEvent event = attempt.event();
    Envelope envelope = event.envelope();
    MessageMeta message =
        new MessageMeta(envelope.messageId(), Instant.ofEpochMilli(envelope.publishTimeMs()));
    BuiltRow built =
        RowBuilder.build(message, event.event(), fitted, Instant.ofEpochMilli(context.nowMs()));
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
