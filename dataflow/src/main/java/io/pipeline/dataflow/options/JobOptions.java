package io.pipeline.dataflow.options;

import io.pipeline.dataflow.json.EventTypeSources;
import org.apache.beam.sdk.extensions.gcp.options.GcpOptions;
import org.apache.beam.sdk.io.gcp.pubsub.PubsubOptions;
import org.apache.beam.sdk.options.Default;
import org.apache.beam.sdk.options.Description;
import org.apache.beam.sdk.options.StreamingOptions;
import org.apache.beam.sdk.options.Validation;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Every option of the job, besides those of Beam and the runner. A test keeps {@code metadata.json}
 * of the Flex Template in step with this file; {@link JobSettings} validates the values.
 */
public interface JobOptions extends StreamingOptions, GcpOptions, PubsubOptions {

  @Description("Subscription that events are read from, projects/PROJECT/subscriptions/NAME")
  @Validation.Required
  String getInputSubscription();

  void setInputSubscription(String value);

  @Description("Subscription that replays are read from, projects/PROJECT/subscriptions/NAME")
  @Validation.Required
  String getReplaySubscription();

  void setReplaySubscription(String value);

  @Description("Id of the BigQuery dataset with the event tables, in the project of the job")
  @Validation.Required
  String getDataset();

  void setDataset(String value);

  @Description("Topic for dead letters, projects/PROJECT/topics/NAME")
  @Validation.Required
  String getDeadLetterTopic();

  void setDeadLetterTopic(String value);

  @Description("Folder for the copy of every message, gs://BUCKET/FOLDER")
  @Validation.Required
  String getArchiveLocation();

  void setArchiveLocation(String value);

  @Description(
      "Tables of event types that do not follow the naming rule, as a JSON object; must equal"
          + " EVENT_ROUTES of table-manager")
  @Default.String("{\"order\":\"orders\"}")
  String getEventRoutes();

  void setEventRoutes(String value);

  @Description(
      "Places of the event type, the first that is present counts; must equal EVENT_TYPE_FROM of"
          + " table-manager")
  @Default.String(EventTypeSources.DEFAULT_TEXT)
  String getEventTypeFrom();

  void setEventTypeFrom(String value);

  @Description(
      "Seconds that an event waits for its table before it becomes a dead letter, 0 to 86400")
  @Default.Integer(600)
  int getSchemaWaitSeconds();

  void setSchemaWaitSeconds(int value);

  @Description(
      "Seconds that a row waits for a column before the value goes to _overflow as AWAITING_COLUMN,"
          + " 0 to 86400; 0 writes every row at once")
  @Default.Integer(0)
  int getColumnGraceSeconds();

  void setColumnGraceSeconds(int value);

  @Description("Seconds after which a worker refreshes a cached schema, 1 to 3600")
  @Default.Integer(60)
  int getSchemaRefreshSeconds();

  void setSchemaRefreshSeconds(int value);

  @Description("Seconds between two polls of a table that events wait for, per worker, 1 to 60")
  @Default.Integer(5)
  int getSchemaPollSeconds();

  void setSchemaPollSeconds(int value);

  @Description(
      "Tables whose schema and writer a worker caches, least recently used evicted first, 1 to"
          + " 100000")
  @Default.Integer(2_000)
  int getMaxTables();

  void setMaxTables(int value);

  @Description("Keys over which the held events of one table are spread, 1 to 1000")
  @Default.Integer(8)
  int getHoldShards();

  void setHoldShards(int value);

  @Description("Maximum events held per key; further events do not wait, 1 to 1000000")
  @Default.Integer(20_000)
  int getHoldEvents();

  void setHoldEvents(int value);

  @Description("Maximum megabytes of events held per key; further events do not wait, 1 to 1000")
  @Default.Integer(32)
  int getHoldMegabytes();

  void setHoldMegabytes(int value);

  @Description("Seconds that a drain waits for tables before it flushes held events, 0 to 600")
  @Default.Integer(60)
  int getDrainWaitSeconds();

  void setDrainWaitSeconds(int value);

  @Description("Maximum rows per append, 1 to 10000")
  @Default.Integer(500)
  int getAppendRows();

  void setAppendRows(int value);

  @Description("Megabytes in flight to BigQuery per connection before reading blocks, 1 to 1000")
  @Default.Integer(100)
  int getAppendInflightMegabytes();

  void setAppendInflightMegabytes(int value);

  @Description("True shares a few connections to BigQuery among the tables of a worker")
  @Default.Boolean(true)
  boolean getConnectionPool();

  void setConnectionPool(boolean value);

  @Description("Seconds for which messages are collected into one archive file, 1 to 3600")
  @Default.Integer(300)
  int getArchiveWindowSeconds();

  void setArchiveWindowSeconds(int value);

  @Description("Messages after which an archive file is written early, 1 to 1000000")
  @Default.Integer(50_000)
  int getArchiveFileEvents();

  void setArchiveFileEvents(int value);

  @Description("Archive files written in parallel per table, 1 to 1000")
  @Default.Integer(1)
  int getArchiveShards();

  void setArchiveShards(int value);

  @Description("Version of the job as recorded in dead letters")
  @Default.String("0.1.0")
  String getServiceVersion();

  void setServiceVersion(String value);

  @Description(
      "URL of an embedded BigQuery, for example http://127.0.0.1:9050; no credentials are sent")
  @Nullable String getBigqueryEndpoint();

  void setBigqueryEndpoint(@Nullable String value);

  @Description(
      "host:port of an embedded Storage Write API, for example 127.0.0.1:9060; plaintext, no"
          + " credentials")
  @Nullable String getBigqueryStorageEndpoint();

  void setBigqueryStorageEndpoint(@Nullable String value);
}
