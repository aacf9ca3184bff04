package io.pipeline.dataflow.io;

import com.google.api.gax.rpc.ApiException;
import com.google.cloud.bigquery.storage.v1.Exceptions.AppendSerializationError;
import com.google.cloud.bigquery.storage.v1.Exceptions.SchemaMismatchedException;
import com.google.cloud.bigquery.storage.v1.Exceptions.StreamNotFound;
import com.google.cloud.bigquery.storage.v1.Exceptions.StreamWriterClosedException;
import io.grpc.Status;
import io.grpc.StatusException;
import io.grpc.StatusRuntimeException;
import io.pipeline.dataflow.store.AppendAnswer;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;

/** Classifies every failure of the Storage Write client. */
final class AppendErrors {
  private AppendErrors() {}

  static AppendAnswer toAnswer(Throwable failure) {
    Throwable cause = withoutWrappers(failure);
    if (cause instanceof AppendSerializationError rows) {
      return new AppendAnswer.RowsRefused(rows.getRowIndexToErrorMessage());
    }
    if (find(cause, SchemaMismatchedException.class) != null) {
      return new AppendAnswer.NotYet(false, words(cause));
    }
    if (find(cause, StreamNotFound.class) != null) {
      return new AppendAnswer.NotYet(true, words(cause));
    }
    if (isClosedWriter(cause)) {
      return new AppendAnswer.Unavailable(words(cause));
    }
    return switch (codeOf(cause)) {
      case NOT_FOUND -> new AppendAnswer.NotYet(true, words(cause));
      case INVALID_ARGUMENT, OUT_OF_RANGE, FAILED_PRECONDITION, ALREADY_EXISTS, UNIMPLEMENTED ->
          new AppendAnswer.Refused(words(cause));
      default -> new AppendAnswer.Unavailable(words(cause));
    };
  }

  /**
   * True if the writer or its connection was closed before BigQuery answered. A new writer may
   * succeed at once.
   *
   * <p>The client gives such failures the code {@code FAILED_PRECONDITION}, whatever closed the
   * connection. Source: java-bigquerystorage, {@code ConnectionWorker} and issue 2078, read
   * 2026-11-29.
   */
  static boolean isClosedWriter(Throwable failure) {
    return find(failure, StreamWriterClosedException.class) != null;
  }

  private static Throwable withoutWrappers(Throwable failure) {
    Throwable cause = failure;
    while ((cause instanceof ExecutionException || cause instanceof CompletionException)
        && cause.getCause() != null) {
      cause = cause.getCause();
    }
    return cause;
  }

  private static <T extends Throwable> T find(Throwable failure, Class<T> type) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (type.isInstance(cause)) {
        return type.cast(cause);
      }
    }
    return null;
  }

  private static Status.Code codeOf(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof StatusRuntimeException status) {
        return status.getStatus().getCode();
      }
      if (cause instanceof StatusException status) {
        return status.getStatus().getCode();
      }
      if (cause instanceof ApiException status) {
        return Status.Code.valueOf(status.getStatusCode().getCode().name());
      }
    }
    return failure instanceof IllegalArgumentException
        ? Status.Code.INVALID_ARGUMENT
        : Status.Code.UNKNOWN;
  }

  private static String words(Throwable failure) {
    String message = failure.getMessage();
    return message == null ? failure.getClass().getSimpleName() : message;
  }
}
