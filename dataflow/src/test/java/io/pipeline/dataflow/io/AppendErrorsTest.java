package io.pipeline.dataflow.io;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import com.google.api.gax.grpc.GrpcStatusCode;
import com.google.api.gax.rpc.ApiExceptionFactory;
import com.google.cloud.bigquery.storage.v1.Exceptions;
import com.google.cloud.bigquery.storage.v1.Exceptions.AppendSerializationError;
import com.google.cloud.bigquery.storage.v1.Exceptions.StreamWriterClosedException;
import com.google.cloud.bigquery.storage.v1.StorageError;
import com.google.cloud.bigquery.storage.v1.StorageError.StorageErrorCode;
import com.google.protobuf.Any;
import com.google.rpc.Code;
import com.google.rpc.Status;
import io.pipeline.dataflow.store.AppendAnswer;
import java.lang.reflect.Constructor;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Classification of the client's failures. */
class AppendErrorsTest {

  private static Throwable storageException(StorageErrorCode code) {
    StorageError detail = StorageError.newBuilder().setCode(code).setErrorMessage("words").build();
    return Exceptions.toStorageException(
        Status.newBuilder()
            .setCode(Code.INVALID_ARGUMENT.getNumber())
            .addDetails(Any.pack(detail))
            .build(),
        null);
  }

  @Test
  void namesTheRowsThatWereRefused() {
    Throwable failure =
        new AppendSerializationError(3, "bad rows", "streams/_default", Map.of(4, "bad value"));

    assertEquals(
        new AppendAnswer.RowsRefused(Map.of(4, "bad value")),
        AppendErrors.toAnswer(new ExecutionException(failure)));
  }

  @Test
  void waitsForAColumn() {
    AppendAnswer answer =
        AppendErrors.toAnswer(storageException(StorageErrorCode.SCHEMA_MISMATCH_EXTRA_FIELDS));

    assertEquals(false, assertInstanceOf(AppendAnswer.NotYet.class, answer).tableUnknown());
  }

  @Test
  void waitsForATable() {
    Throwable streamNotFound = storageException(StorageErrorCode.STREAM_NOT_FOUND);
    Throwable grpcNotFound = io.grpc.Status.NOT_FOUND.asRuntimeException();
    Throwable apiNotFound =
        ApiExceptionFactory.createException(
            new IllegalStateException(), GrpcStatusCode.of(io.grpc.Status.Code.NOT_FOUND), false);

    for (Throwable failure : new Throwable[] {streamNotFound, grpcNotFound, apiNotFound}) {
      AppendAnswer answer = AppendErrors.toAnswer(new CompletionException(failure));
      assertEquals(true, assertInstanceOf(AppendAnswer.NotYet.class, answer).tableUnknown());
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = io.grpc.Status.Code.class,
      names = {
        "INVALID_ARGUMENT",
        "OUT_OF_RANGE",
        "FAILED_PRECONDITION",
        "ALREADY_EXISTS",
        "UNIMPLEMENTED"
      })
  void givesUpWhatNoSecondTryMends(io.grpc.Status.Code code) {
    Throwable failure = code.toStatus().withDescription("in words").asException();

    AppendAnswer answer = AppendErrors.toAnswer(failure);

    assertEquals(
        code + ": in words", assertInstanceOf(AppendAnswer.Refused.class, answer).message());
  }

  @ParameterizedTest
  @EnumSource(
      value = io.grpc.Status.Code.class,
      names = {
        "UNAVAILABLE",
        "ABORTED",
        "INTERNAL",
        "RESOURCE_EXHAUSTED",
        "DEADLINE_EXCEEDED",
        "CANCELLED",
        "UNKNOWN",
        "PERMISSION_DENIED",
        "UNAUTHENTICATED"
      })
  void triesAgainWhatMayPass(io.grpc.Status.Code code) {
    assertInstanceOf(
        AppendAnswer.Unavailable.class,
        AppendErrors.toAnswer(code.toStatus().asRuntimeException()));
  }

  /** The client gives every closed connection the code FAILED_PRECONDITION. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "User closed StreamWriter",
        "Connection is already closed",
        "Connection is closed due to com.google.api.gax.rpc.InternalException: INTERNAL",
        "Connection is closed due to io.grpc.StatusRuntimeException: INVALID_ARGUMENT"
      })
  void retriesAnAppendWhoseConnectionWasClosed(String description) throws Exception {
    Constructor<StreamWriterClosedException> constructor =
        StreamWriterClosedException.class.getDeclaredConstructor(
            io.grpc.Status.class, String.class, String.class);
    constructor.setAccessible(true);
    Throwable closed =
        constructor.newInstance(
            io.grpc.Status.FAILED_PRECONDITION.withDescription(description), "s/_default", "w");

    assertInstanceOf(
        AppendAnswer.Unavailable.class, AppendErrors.toAnswer(new ExecutionException(closed)));
  }

  @Test
  void retriesUnexpectedFailures() {
    assertEquals(
        new AppendAnswer.Unavailable("IllegalStateException"),
        AppendErrors.toAnswer(new IllegalStateException()));
    assertEquals(
        new AppendAnswer.Refused("too large"),
        AppendErrors.toAnswer(new IllegalArgumentException("too large")));
  }
}
