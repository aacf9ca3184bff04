package io.pipeline.dataflow.io;

import com.google.api.core.ApiFutureCallback;
import com.google.api.core.ApiFutures;
import com.google.api.gax.core.NoCredentialsProvider;
import com.google.api.gax.retrying.RetrySettings;
import com.google.api.gax.rpc.ApiException;
import com.google.cloud.bigquery.storage.v1.AppendRowsResponse;
import com.google.cloud.bigquery.storage.v1.BigQueryWriteClient;
import com.google.cloud.bigquery.storage.v1.BigQueryWriteSettings;
import com.google.cloud.bigquery.storage.v1.GetWriteStreamRequest;
import com.google.cloud.bigquery.storage.v1.ProtoRows;
import com.google.cloud.bigquery.storage.v1.ProtoSchema;
import com.google.cloud.bigquery.storage.v1.StreamWriter;
import com.google.cloud.bigquery.storage.v1.WriteStreamView;
import com.google.common.cache.Cache;
import com.google.common.cache.CacheBuilder;
import com.google.common.cache.RemovalNotification;
import com.google.common.util.concurrent.MoreExecutors;
import com.google.common.util.concurrent.ThreadFactoryBuilder;
import io.pipeline.dataflow.options.JobSettings;
import io.pipeline.dataflow.schema.Column;
import io.pipeline.dataflow.store.AppendAnswer;
import io.pipeline.dataflow.store.RowSink;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Appends to the default stream of a table through the official client. The only file that names
 * the client's writer.
 *
 * <p>Keeps one writer per table and schema, and closes it when idle or after a whole append failed,
 * so that the next append opens a new connection. Resends an append once whose writer was closed
 * before BigQuery answered. The client itself retries unavailable, aborted, internal and
 * resource-exhausted errors for up to {@link #RETRY_FOR}.
 */
public final class StorageWriteSink implements RowSink, AutoCloseable {
  private static final Duration RETRY_FOR = Duration.ofSeconds(20);
  private static final Duration IDLE = Duration.ofMinutes(10);
  private static final String TRACE_ID = "pipeline:dataflow";

  /** Identifies a writer. */
  record WriterKey(String table, String version) {}

  private final JobSettings settings;
  private final BigQueryWriteClient client;
  private final ExecutorService resender = Executors.newCachedThreadPool(daemons());

  /** Package-private so that tests can close a cached writer. */
  final Cache<WriterKey, StreamWriter> writers;

  public StorageWriteSink(JobSettings settings) throws IOException {
    this.settings = settings;
    this.client = BigQueryWriteClient.create(clientSettings(settings.bigqueryStorageEndpoint()));
    this.writers =
        CacheBuilder.newBuilder()
            .maximumSize(settings.maxTables())
            .expireAfterAccess(IDLE)
            .removalListener(
                (RemovalNotification<WriterKey, StreamWriter> removed) ->
                    closeAside(removed.getValue()))
            .build();
  }

  private static ThreadFactory daemons() {
    return new ThreadFactoryBuilder().setNameFormat("resend-append-%d").setDaemon(true).build();
  }

  private static BigQueryWriteSettings clientSettings(String endpoint) throws IOException {
    if (endpoint == null) {
      return BigQueryWriteSettings.newBuilder().build();
    }
    return BigQueryWriteSettings.newBuilder()
        .setCredentialsProvider(NoCredentialsProvider.create())
        .setEndpoint(endpoint)
        .setTransportChannelProvider(
            BigQueryWriteSettings.defaultGrpcTransportProviderBuilder()
                .setEndpoint(endpoint)
                .setChannelConfigurator(builder -> builder.usePlaintext())
                .build())
        .build();
  }

  @Override
  public CompletableFuture<AppendAnswer> append(
      String table, String version, ProtoSchema schema, ProtoRows rows) {
    CompletableFuture<AppendAnswer> answer = new CompletableFuture<>();
    Request request = new Request(new WriterKey(table, version), schema, rows, answer);
    send(request, true);
    return answer;
  }

  @Override
  public Optional<List<Column>> writerColumns(String table) {
    try {
      GetWriteStreamRequest request =
          GetWriteStreamRequest.newBuilder()
              .setName(streamOf(table))
              .setView(WriteStreamView.FULL)
              .build();
      return Optional.of(
          WriterColumns.of(client.getWriteStream(request).getTableSchema().getFieldsList()));
    } catch (ApiException unknown) {
      return Optional.empty();
    }
  }

  private String streamOf(String table) {
    return String.format(
        "projects/%s/datasets/%s/tables/%s/streams/_default",
        settings.projectId(), settings.dataset(), table);
  }

  private record Request(
      WriterKey key, ProtoSchema schema, ProtoRows rows, CompletableFuture<AppendAnswer> answer) {}

  private void send(Request request, boolean mayResend) {
    StreamWriter writer = null;
    try {
      writer = writers.get(request.key(), () -> open(request.key().table(), request.schema()));
      ApiFutures.addCallback(
          writer.append(request.rows()),
          new Answering(request, writer, mayResend),
          MoreExecutors.directExecutor());
    } catch (ExecutionException | RuntimeException failure) {
      fail(request, writer, mayResend, failure);
    }
  }

  /** Drops a writer that failed, and resends once if it was closed before BigQuery answered. */
  private void fail(
      Request request, @Nullable StreamWriter writer, boolean mayResend, Throwable failure) {
    AppendAnswer answer = AppendErrors.toAnswer(failure);
    if (writer != null && !(answer instanceof AppendAnswer.RowsRefused)) {
      // Removes this writer only: another thread may already have opened a newer one for the key.
      writers.asMap().remove(request.key(), writer);
    }
    if (mayResend && AppendErrors.isClosedWriter(failure)) {
      // Not on this thread: it belongs to the closed writer, and opening a new one may block.
      resender.execute(() -> send(request, false));
      return;
    }
    request.answer().complete(answer);
  }

  private StreamWriter open(String table, ProtoSchema schema) throws IOException {
    return StreamWriter.newBuilder(streamOf(table), client)
        .setWriterSchema(schema)
        .setTraceId(TRACE_ID)
        .setEnableConnectionPool(settings.connectionPool())
        .setMaxInflightBytes(settings.appendInflightBytes())
        .setMaxRetryDuration(RETRY_FOR)
        .setRetrySettings(
            RetrySettings.newBuilder()
                .setMaxAttempts(4)
                .setInitialRetryDelayDuration(Duration.ofMillis(200))
                .setRetryDelayMultiplier(2)
                .setMaxRetryDelayDuration(Duration.ofSeconds(5))
                .setTotalTimeoutDuration(RETRY_FOR)
                .build())
        .build();
  }

  /**
   * Closes on a separate thread, because closing blocks on appends in flight and the callback
   * thread completes those.
   */
  private static void closeAside(StreamWriter writer) {
    Thread closer = new Thread(writer::close, "close-stream-writer");
    closer.setDaemon(true);
    closer.start();
  }

  @Override
  public void close() {
    writers.invalidateAll();
    resender.shutdown();
    client.close();
  }

  private final class Answering implements ApiFutureCallback<AppendRowsResponse> {
    private final Request request;
    private final StreamWriter writer;
    private final boolean mayResend;

    Answering(Request request, StreamWriter writer, boolean mayResend) {
      this.request = request;
      this.writer = writer;
      this.mayResend = mayResend;
    }

    @Override
    public void onSuccess(AppendRowsResponse response) {
      // A writer that learnt of a newer schema still accepts the rows of its own.
      request.answer().complete(new AppendAnswer.Stored());
    }

    @Override
    public void onFailure(Throwable failure) {
      fail(request, writer, mayResend, failure);
    }
  }
}
