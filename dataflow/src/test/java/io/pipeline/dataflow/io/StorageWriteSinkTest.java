package io.pipeline.dataflow.io;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import com.google.cloud.bigquery.storage.v1.AppendRowsRequest;
import com.google.cloud.bigquery.storage.v1.AppendRowsResponse;
import com.google.cloud.bigquery.storage.v1.BigQueryWriteGrpc;
import com.google.cloud.bigquery.storage.v1.ProtoRows;
import com.google.cloud.bigquery.storage.v1.ProtoSchema;
import com.google.cloud.bigquery.storage.v1.RowError;
import com.google.cloud.bigquery.storage.v1.StorageError;
import com.google.cloud.bigquery.storage.v1.StreamWriter;
import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.DescriptorProtos.DescriptorProto;
import com.google.rpc.Code;
import com.google.rpc.Status;
import io.grpc.Server;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import io.pipeline.dataflow.options.TestSettings;
import io.pipeline.dataflow.store.AppendAnswer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The real client over a real connection to a scripted server. */
class StorageWriteSinkTest {
  private final List<AppendRowsRequest> requests = Collections.synchronizedList(new ArrayList<>());
  private volatile Consumer<StreamObserver<AppendRowsResponse>> answer;
  private Server server;
  private StorageWriteSink sink;

  @BeforeEach
  void start() throws Exception {
    server =
        NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
            .addService(new Scripted())
            .build()
            .start();
    sink =
        new StorageWriteSink(
            TestSettings.of(
                "--connectionPool=false",
                "--bigqueryStorageEndpoint=127.0.0.1:" + server.getPort()));
  }

  @AfterEach
  void stop() throws Exception {
    sink.close();
    server.shutdownNow().awaitTermination(10, TimeUnit.SECONDS);
  }

  private AppendAnswer append() throws Exception {
    ProtoSchema schema =
        ProtoSchema.newBuilder()
            .setProtoDescriptor(DescriptorProto.newBuilder().setName("Row"))
            .build();
    ProtoRows rows = ProtoRows.newBuilder().addSerializedRows(ByteString.EMPTY).build();
    return sink.append("orders", "v1", schema, rows).get(60, TimeUnit.SECONDS);
  }

  private static AppendRowsResponse error(Code code, StorageError.StorageErrorCode what) {
    StorageError detail =
        StorageError.newBuilder().setCode(what).setErrorMessage("in words").build();
    return AppendRowsResponse.newBuilder()
        .setError(
            Status.newBuilder()
                .setCode(code.getNumber())
                .setMessage("in words")
                .addDetails(Any.pack(detail)))
        .build();
  }

  @Test
  void storesOnTheDefaultStream() throws Exception {
    answer = out -> out.onNext(AppendRowsResponse.getDefaultInstance());

    assertEquals(new AppendAnswer.Stored(), append());

    assertEquals(
        "projects/local-project/datasets/prod_events_dataset/tables/orders/streams/_default",
        requests.get(0).getWriteStream());
  }

  @Test
  void saysNotYetForAFieldThatIsUnknown() throws Exception {
    answer =
        out ->
            out.onNext(
                error(
                    Code.INVALID_ARGUMENT,
                    StorageError.StorageErrorCode.SCHEMA_MISMATCH_EXTRA_FIELDS));

    AppendAnswer.NotYet notYet = assertInstanceOf(AppendAnswer.NotYet.class, append());
    assertEquals(false, notYet.tableUnknown());

    answer = out -> out.onNext(AppendRowsResponse.getDefaultInstance());
    assertEquals(new AppendAnswer.Stored(), append(), "with a new writer");
  }

  @Test
  void resendsWithANewWriterAfterTheOldOneWasClosed() throws Exception {
    answer = out -> out.onNext(AppendRowsResponse.getDefaultInstance());
    append();
    sink.writers.asMap().values().forEach(StreamWriter::close);

    assertEquals(new AppendAnswer.Stored(), append());
    assertEquals(2, requests.size());
  }

  @Test
  void saysNotYetForATableThatIsUnknown() throws Exception {
    answer =
        out ->
            out.onError(io.grpc.Status.NOT_FOUND.withDescription("no table").asRuntimeException());

    AppendAnswer.NotYet notYet = assertInstanceOf(AppendAnswer.NotYet.class, append());
    assertEquals(true, notYet.tableUnknown());
  }

  @Test
  void namesTheRowsThatAreRefused() throws Exception {
    answer =
        out ->
            out.onNext(
                AppendRowsResponse.newBuilder()
                    .setError(Status.newBuilder().setCode(Code.INVALID_ARGUMENT.getNumber()))
                    .addRowErrors(RowError.newBuilder().setIndex(0).setMessage("bad value"))
                    .build());

    assertEquals(new AppendAnswer.RowsRefused(Map.of(0, "bad value")), append());
  }

  @Test
  void saysRefusedForABadRequest() throws Exception {
    answer =
        out ->
            out.onNext(
                AppendRowsResponse.newBuilder()
                    .setError(
                        Status.newBuilder()
                            .setCode(Code.INVALID_ARGUMENT.getNumber())
                            .setMessage("bad"))
                    .build());

    assertInstanceOf(AppendAnswer.Refused.class, append());
  }

  @Test
  void saysUnavailableWithoutTheRight() throws Exception {
    answer =
        out ->
            out.onError(
                io.grpc.Status.PERMISSION_DENIED.withDescription("no").asRuntimeException());

    assertInstanceOf(AppendAnswer.Unavailable.class, append());
  }

  private final class Scripted extends BigQueryWriteGrpc.BigQueryWriteImplBase {
    @Override
    public StreamObserver<AppendRowsRequest> appendRows(StreamObserver<AppendRowsResponse> out) {
      return new StreamObserver<>() {
        @Override
        public void onNext(AppendRowsRequest request) {
          requests.add(request);
          answer.accept(out);
        }

        @Override
        public void onError(Throwable ended) {}

        @Override
        public void onCompleted() {
          out.onCompleted();
        }
      };
    }
  }
}
