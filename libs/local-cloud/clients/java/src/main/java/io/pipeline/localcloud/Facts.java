package io.pipeline.localcloud;

import com.google.api.core.ApiFuture;
import com.google.api.core.ApiFutures;
import com.google.api.gax.core.NoCredentialsProvider;
import com.google.api.gax.grpc.GrpcTransportChannel;
import com.google.api.gax.rpc.FixedTransportChannelProvider;
import com.google.api.gax.rpc.NotFoundException;
import com.google.api.gax.rpc.TransportChannelProvider;
import com.google.cloud.NoCredentials;
import com.google.cloud.bigquery.BigQuery;
import com.google.cloud.bigquery.BigQuery.QueryResultsOption;
import com.google.cloud.bigquery.BigQueryException;
import com.google.cloud.bigquery.BigQueryOptions;
import com.google.cloud.bigquery.DatasetInfo;
import com.google.cloud.bigquery.Field;
import com.google.cloud.bigquery.Field.Mode;
import com.google.cloud.bigquery.FieldValue;
import com.google.cloud.bigquery.FieldValueList;
import com.google.cloud.bigquery.FormatOptions;
import com.google.cloud.bigquery.InsertAllRequest;
import com.google.cloud.bigquery.JobInfo;
import com.google.cloud.bigquery.JobStatistics.LoadStatistics;
import com.google.cloud.bigquery.QueryJobConfiguration;
import com.google.cloud.bigquery.QueryParameterValue;
import com.google.cloud.bigquery.Schema;
import com.google.cloud.bigquery.StandardSQLTypeName;
import com.google.cloud.bigquery.StandardTableDefinition;
import com.google.cloud.bigquery.TableId;
import com.google.cloud.bigquery.TableInfo;
import com.google.cloud.bigquery.TableResult;
import com.google.cloud.bigquery.WriteChannelConfiguration;
import com.google.cloud.pubsub.v1.AckReplyConsumer;
import com.google.cloud.pubsub.v1.Publisher;
import com.google.cloud.pubsub.v1.Subscriber;
import com.google.cloud.pubsub.v1.SubscriptionAdminClient;
import com.google.cloud.pubsub.v1.SubscriptionAdminSettings;
import com.google.cloud.pubsub.v1.TopicAdminClient;
import com.google.cloud.pubsub.v1.TopicAdminSettings;
import com.google.cloud.storage.Blob;
import com.google.cloud.storage.BlobId;
import com.google.cloud.storage.BlobInfo;
import com.google.cloud.storage.BucketInfo;
import com.google.cloud.storage.Storage;
import com.google.cloud.storage.Storage.BlobListOption;
import com.google.cloud.storage.StorageException;
import com.google.cloud.storage.StorageOptions;
import com.google.gson.GsonBuilder;
import com.google.protobuf.ByteString;
import com.google.pubsub.v1.ProjectSubscriptionName;
import com.google.pubsub.v1.PubsubMessage;
import com.google.pubsub.v1.PushConfig;
import com.google.pubsub.v1.TopicName;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Asks the local cloud through the official Java clients and prints the answers as one JSON object.
 * The programs of the other languages print the same object: see ../README.md.
 */
public final class Facts {
  private static final String PROJECT = System.getenv("GCP_PROJECT_ID");
  private static final String NAME = "java_clients";
  private static final int MESSAGES = 1000;

  private Facts() {}

  private interface Call {
    void run() throws Exception;
  }

  private static int refusal(Call call) throws Exception {
    try {
      call.run();
      return 200;
    } catch (BigQueryException answer) {
      return answer.getCode();
    } catch (StorageException answer) {
      return answer.getCode();
    } catch (NotFoundException answer) {
      return 404;
    }
  }

  private static Map<String, Object> row(FieldValueList values) {
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("id", values.get("id").getStringValue());
    row.put(
        "price",
        values.get("price").isNull()
            ? null
            : values.get("price").getNumericValue().toPlainString());
    row.put(
        "at", values.get("at").isNull() ? null : values.get("at").getTimestampInstant().toString());
    row.put(
        "tags",
        values.get("tags").getRepeatedValue().stream().map(FieldValue::getStringValue).toList());
    FieldValue owner = values.get("owner");
    row.put("owner", owner.isNull() ? null : owner.getRecordValue().get(0).getStringValue());
    return row;
  }

  private static Map<String, Object> askBigQuery() throws Exception {
    BigQuery client =
        BigQueryOptions.newBuilder()
            .setProjectId(PROJECT)
            .setHost(System.getenv("BIGQUERY_EMULATOR_HOST"))
            .setCredentials(NoCredentials.getInstance())
            .build()
            .getService();
    client.create(DatasetInfo.of(NAME));
    Field id = Field.of("id", StandardSQLTypeName.INT64);
    Schema schema =
        Schema.of(
            id,
            Field.of("price", StandardSQLTypeName.NUMERIC),
            Field.of("at", StandardSQLTypeName.TIMESTAMP),
            Field.newBuilder("tags", StandardSQLTypeName.STRING).setMode(Mode.REPEATED).build(),
            Field.of(
                "owner", StandardSQLTypeName.STRUCT, Field.of("name", StandardSQLTypeName.STRING)));
    TableId orders = TableId.of(NAME, "orders");
    client.create(TableInfo.of(orders, StandardTableDefinition.of(schema)));
    Map<String, Object> first =
        Map.of(
            "id", "9007199254740993",
            "price", "12345678901234567890.123456789",
            "at", "2026-11-30T08:00:00.123456Z",
            "tags", List.of("a", "ü"),
            "owner", Map.of("name", "Ada"));
    InsertAllRequest request =
        InsertAllRequest.newBuilder(orders).addRow(first).addRow(Map.of("id", "1")).build();
    int insertErrors = client.insertAll(request).getInsertErrors().size();
    String all = "SELECT * FROM " + NAME + ".orders ORDER BY id DESC";
    List<Map<String, Object>> rows = new ArrayList<>();
    client
        .query(QueryJobConfiguration.of(all))
        .iterateAll()
        .forEach(values -> rows.add(row(values)));
    QueryJobConfiguration byParameter =
        QueryJobConfiguration.newBuilder("SELECT id FROM " + NAME + ".orders WHERE id = @id")
            .addNamedParameter("id", QueryParameterValue.int64(9007199254740993L))
            .build();
    List<String> found = new ArrayList<>();
    client
        .query(byParameter)
        .iterateAll()
        .forEach(values -> found.add(values.get(0).getStringValue()));
    String numbers = "SELECT n FROM UNNEST(GENERATE_ARRAY(1, 10)) AS n ORDER BY n";
    List<List<Long>> pages = new ArrayList<>();
    TableResult page =
        client
            .create(JobInfo.of(QueryJobConfiguration.of(numbers)))
            .getQueryResults(QueryResultsOption.pageSize(3));
    for (; page != null; page = page.getNextPage()) {
      List<Long> values = new ArrayList<>();
      page.getValues().forEach(value -> values.add(value.get(0).getLongValue()));
      pages.add(values);
    }
    WriteChannelConfiguration load =
        WriteChannelConfiguration.newBuilder(TableId.of(NAME, "loaded"), FormatOptions.json())
            .setSchema(Schema.of(id))
            .build();
    var writer = client.writer(load);
    try (writer) {
      writer.write(ByteBuffer.wrap("{\"id\":1}\n{\"id\":2}\n".getBytes(StandardCharsets.UTF_8)));
    }
    LoadStatistics loaded = writer.getJob().waitFor().getStatistics();
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("insertErrors", insertErrors);
    facts.put("rows", rows);
    facts.put("idFoundByParameter", found);
    facts.put("firstPage", pages.get(0));
    facts.put("allPages", pages.stream().flatMap(List::stream).toList());
    facts.put("rowsLoaded", loaded.getOutputRows());
    facts.put("codeOfWrongSql", refusal(() -> client.query(QueryJobConfiguration.of("SELEC 1"))));
    facts.put(
        "codeOfMissingTable", client.getTable(TableId.of(NAME, "missing")) == null ? 404 : 200);
    return facts;
  }

  private static Map<String, Object> askPubSub() throws Exception {
    ManagedChannel channel =
        ManagedChannelBuilder.forTarget(System.getenv("PUBSUB_EMULATOR_HOST"))
            .usePlaintext()
            .build();
    TransportChannelProvider transport =
        FixedTransportChannelProvider.create(GrpcTransportChannel.create(channel));
    NoCredentialsProvider credentials = NoCredentialsProvider.create();
    TopicName topic = TopicName.of(PROJECT, NAME);
    ProjectSubscriptionName subscription = ProjectSubscriptionName.of(PROJECT, NAME);
    Map<String, PubsubMessage> received = new ConcurrentHashMap<>();
    CountDownLatch everything = new CountDownLatch(MESSAGES);
    int codeOfMissingTopic;
    try (TopicAdminClient topics =
            TopicAdminClient.create(
                TopicAdminSettings.newBuilder()
                    .setTransportChannelProvider(transport)
                    .setCredentialsProvider(credentials)
                    .build());
        SubscriptionAdminClient subscriptions =
            SubscriptionAdminClient.create(
                SubscriptionAdminSettings.newBuilder()
                    .setTransportChannelProvider(transport)
                    .setCredentialsProvider(credentials)
                    .build())) {
      topics.createTopic(topic);
      subscriptions.createSubscription(subscription, topic, PushConfig.getDefaultInstance(), 10);
      Publisher publisher =
          Publisher.newBuilder(topic)
              .setChannelProvider(transport)
              .setCredentialsProvider(credentials)
              .build();
      List<ApiFuture<String>> published = new ArrayList<>();
      for (int number = 0; number < MESSAGES; number++) {
        ByteString data = ByteString.copyFromUtf8(Integer.toString(number));
        published.add(
            publisher.publish(
                PubsubMessage.newBuilder().setData(data).putAttributes("colour", "blue").build()));
      }
      ApiFutures.allAsList(published).get();
      publisher.shutdown();
      Subscriber subscriber =
          Subscriber.newBuilder(
                  subscription,
                  (PubsubMessage message, AckReplyConsumer reply) -> {
                    if (received.put(message.getMessageId(), message) == null) {
                      everything.countDown();
                    }
                    reply.ack();
                  })
              .setChannelProvider(transport)
              .setCredentialsProvider(credentials)
              .build();
      subscriber.startAsync().awaitRunning();
      everything.await(2, TimeUnit.MINUTES);
      subscriber.stopAsync().awaitTerminated();
      codeOfMissingTopic = refusal(() -> topics.getTopic(TopicName.of(PROJECT, NAME + "_missing")));
    } finally {
      channel.shutdownNow();
    }
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("messages", received.size());
    facts.put(
        "sum",
        received.values().stream()
            .mapToInt(one -> Integer.parseInt(one.getData().toStringUtf8()))
            .sum());
    TreeSet<String> colours = new TreeSet<>();
    received.values().forEach(message -> colours.add(message.getAttributesOrThrow("colour")));
    facts.put("colours", colours);
    facts.put("codeOfMissingTopic", codeOfMissingTopic);
    return facts;
  }

  private static Map<String, Object> askStorage() throws Exception {
    Storage client =
        StorageOptions.newBuilder()
            .setProjectId(PROJECT)
            .setHost(System.getenv("STORAGE_EMULATOR_HOST"))
            .setCredentials(NoCredentials.getInstance())
            .build()
            .getService();
    String bucket = NAME.replace('_', '-');
    client.create(BucketInfo.of(bucket));
    byte[] content = new byte[256 * 4096];
    for (int index = 0; index < content.length; index++) {
      content[index] = (byte) index;
    }
    BlobId large = BlobId.of(bucket, "folder/large");
    client.create(BlobInfo.newBuilder(large).build(), content);
    client.create(
        BlobInfo.newBuilder(bucket, "folder/small").build(), "ü".getBytes(StandardCharsets.UTF_8));
    client.create(BlobInfo.newBuilder(bucket, "other").build(), new byte[0]);
    List<String> names = new ArrayList<>();
    for (Blob blob : client.list(bucket, BlobListOption.prefix("folder/")).iterateAll()) {
      names.add(blob.getName());
    }
    byte[] digest = MessageDigest.getInstance("SHA-256").digest(client.readAllBytes(large));
    client.delete(large);
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("names", names);
    facts.put("sha256", Base64.getEncoder().encodeToString(digest));
    facts.put("codeAfterDelete", refusal(() -> client.readAllBytes(large)));
    return facts;
  }

  public static void main(String[] arguments) throws Exception {
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("bigquery", askBigQuery());
    facts.put("pubsub", askPubSub());
    facts.put("storage", askStorage());
    System.out.println(
        new GsonBuilder().serializeNulls().disableHtmlEscaping().create().toJson(facts));
    System.exit(0);
  }
}
