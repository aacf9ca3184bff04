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
final class EventJudge {
  private final SchemaCache schemas;
  private final long waitMs;
  private final RowEncoder encoder = new RowEncoder();
  private final Tally tally;

  EventJudge(SchemaCache schemas, Duration wait, Tally tally) {
    this.schemas = schemas;
    this.waitMs = wait.toMillis();
    this.tally = tally;
  }

  Verdict judge(Attempt attempt, WriterLag lag, Moment moment) {
    String table = attempt.event().table();
    boolean isSchemaWaitOver = isSchemaWaitOver(attempt, moment);
    TableView view = isSchemaWaitOver ? schemas.look(table) : schemas.get(table);
    if (view instanceof TableView.Present present) {
      return judge(attempt, present.table(), lag, moment);
    }
    if (view instanceof TableView.Unreadable unreadable) {
      return isWriterWaitOver(attempt, moment)
          ? giveUp(
              attempt,
              DeadLetterReason.APPEND_FAILED,
              "The table cannot be read: " + unreadable.message())
          : hold(attempt, Wait.WRITER, moment, "the table cannot be read");
    }
    return isSchemaWaitOver
        ? giveUp(
            attempt,
            DeadLetterReason.TABLE_MISSING,
            "There was no such table before the wait limit.")
        : hold(attempt, Wait.SCHEMA, moment, "the table is missing");
  }

  private Verdict judge(Attempt attempt, KnownTable table, WriterLag lag, Moment moment) {
    if (lag.isPaused(table, moment.nowMs())) {
      return judgeWithOlder(attempt, table, lag, moment);
    }
    Fitted fitted = fit(attempt, table, FitOptions.WAITING);
    if (fitted.pending().isEmpty()) {
      return append(attempt, table, fitted, moment);
    }
    if (schemas.look(table.name()) instanceof TableView.Present newer
        && !newer.table().version().equals(table.version())) {
      return judge(attempt, newer.table(), lag, moment);
    }
    return isSchemaWaitOver(attempt, moment)
        ? append(attempt, table, fit(attempt, table, FitOptions.WAIT_OVER), moment)
        : hold(attempt, Wait.SCHEMA, moment, "a column is missing or too narrow");
  }

  /** BigQuery's writers do not know {@code table} yet; they may know what it was before. */
  private Verdict judgeWithOlder(Attempt attempt, KnownTable table, WriterLag lag, Moment moment) {
    KnownTable older = lag.accepted();
    if (older != null) {
      Fitted fitted = fit(attempt, older, FitOptions.WAITING);
      if (fitted.pending().isEmpty()) {
        return append(attempt, older, fitted, moment);
      }
    }
    if (!isSchemaWaitOver(attempt, moment)
        && !fit(attempt, table, FitOptions.WAITING).pending().isEmpty()) {
      return hold(attempt, Wait.SCHEMA, moment, "a column is missing or too narrow");
    }
    if (!isWriterWaitOver(attempt, moment)) {
      return hold(
          attempt, Wait.WRITER, moment, "BigQuery's writers do not know the table as it is");
    }
    KnownTable known = older == null ? table.withoutEventColumns() : older;
    return append(attempt, known, fit(attempt, known, FitOptions.WAIT_OVER), moment);
  }

  private boolean isSchemaWaitOver(Attempt attempt, Moment moment) {
    return moment.isLast() || moment.nowMs() >= attempt.event().envelope().publishTimeMs() + waitMs;
  }

  boolean isWriterWaitOver(Attempt attempt, Moment moment) {
    return moment.isLast()
        || (attempt.waitsFor() == Wait.WRITER && moment.nowMs() >= attempt.sinceMs() + waitMs);
  }

  private static Fitted fit(Attempt attempt, KnownTable table, FitOptions options) {
    return Fitter.fit(attempt.event().event(), table.compiled(), options);
  }

  private Verdict append(Attempt attempt, KnownTable table, Fitted fitted, Moment moment) {
    RoutedEvent event = attempt.event();
    Envelope envelope = event.envelope();
    MessageMeta message =
        new MessageMeta(envelope.messageId(), Instant.ofEpochMilli(envelope.publishTimeMs()));
    BuiltRow built =
        RowBuilder.build(message, event.event(), fitted, Instant.ofEpochMilli(moment.nowMs()));
    if (built.rejection() != null) {
      return new Verdict.GiveUp(
          attempt.giveUp(built.rejection().code().name(), "fit", built.rejection().detail()));
    }
    for (OverflowEntry entry : fitted.overflow()) {
      tally.count(entry.reason().name(), 1);
    }
    return new Verdict.Append(table, encoder.encode(built.row()));
  }

  private static Verdict hold(Attempt attempt, Wait what, Moment moment, String why) {
    return new Verdict.Hold(attempt.hold(what, moment.nowMs(), why));
  }

  private static Verdict giveUp(Attempt attempt, DeadLetterReason reason, String detail) {
    return new Verdict.GiveUp(attempt.giveUp(reason.name(), "append", detail));
  }
}
