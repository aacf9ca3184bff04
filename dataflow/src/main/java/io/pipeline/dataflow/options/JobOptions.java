package io.pipeline.dataflow.options;

import org.apache.beam.sdk.extensions.gcp.options.GcpOptions;
import org.apache.beam.sdk.io.gcp.pubsub.PubsubOptions;
import org.apache.beam.sdk.options.Default;
import org.apache.beam.sdk.options.Description;
import org.apache.beam.sdk.options.StreamingOptions;
import org.apache.beam.sdk.options.Validation;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Every option of the job, beside those of Beam and of the runner. {@code metadata.json} of the
 * Flex Template lists the same ones, which a test holds to this file; {@link JobSettings} checks
 * the values.
 */
public interface JobOptions extends StreamingOptions, GcpOptions, PubsubOptions {

  /** Subscription of the events' topic. */
  @Description("Subscription that events are read from, projects/PROJECT/subscriptions/NAME")
  @Validation.Required
  String getInputSubscription();

  void setInputSubscription(String value);

  /** Subscription of the replay topic. */
  @Description("Subscription that replays are read from, projects/PROJECT/subscriptions/NAME")
  @Validation.Required
  String getReplaySubscription();

  void setReplaySubscription(String value);

  /** Dataset of the event tables, in {@code --project}. */
  @Description("Id of the BigQuery dataset whose tables take the rows, in the project of the job")
  @Validation.Required
  String getDataset();

  void setDataset(String value);

  /** Topic of the dead letters. */
  @Description("Topic for messages that cannot be rows, projects/PROJECT/topics/NAME")
  @Validation.Required
  String getDeadLetterTopic();

  void setDeadLetterTopic(String value);

  /** Folder of the copy in Cloud Storage. */
  @Description("Folder that gets a copy of every message, gs://BUCKET/FOLDER")
  @Validation.Required
  String getArchiveLocation();

  void setArchiveLocation(String value);

  /** Tables of event types that the rule does not name. */
  @Description(
      "Tables of event types that are not named by the rule, a JSON object; as EVENT_ROUTES of table-manager")
  @Default.String("{\"order\":\"orders\"}")
  String getEventRoutes();

  void setEventRoutes(String value);

  /** The wait limit. */
  @Description(
      "Seconds after its publishing that an event waits for its table and columns, 0 to 86400; as SCHEMA_WAIT_SECONDS of"
          + " table-manager")
  @Default.Integer(600)
  int getSchemaWaitSeconds();

  void setSchemaWaitSeconds(int value);

  /** Age at which a known schema is read again. */
  @Description(
      "Seconds after which a worker reads the schema of a table that it uses again, 1 to 3600")
  @Default.Integer(60)
  int getSchemaRefreshSeconds();

  void setSchemaRefreshSeconds(int value);

  /** Time between two looks at a schema that events wait for. */
  @Description("Seconds between two looks of a worker at a schema that events wait for, 1 to 60")
  @Default.Integer(5)
  int getSchemaPollSeconds();

  void setSchemaPollSeconds(int value);

  /** Tables whose schema a worker keeps. */
  @Description(
      "Tables whose schema and writer a worker keeps; the least recently used goes first, 1 to 100000")
  @Default.Integer(2_000)
  int getMaxTables();

  void setMaxTables(int value);

  /** Keys over which the waiting events of a table are spread. */
  @Description("Keys over which the waiting events of one table are spread, 1 to 1000")
  @Default.Integer(8)
  int getHoldShards();

  void setHoldShards(int value);

  /** Most waiting events of a key. */
  @Description("Most events that wait in one key; further ones do not wait, 1 to 1000000")
  @Default.Integer(20_000)
  int getHoldEvents();

  void setHoldEvents(int value);

  /** Most waiting megabytes of a key. */
  @Description("Most megabytes of events that wait in one key; further ones do not wait, 1 to 1000")
  @Default.Integer(32)
  int getHoldMegabytes();

  void setHoldMegabytes(int value);

  /** How long draining waits for schemas. */
  @Description(
      "Seconds that draining the job waits for tables and columns before it writes what is held, 0 to 600")
  @Default.Integer(60)
  int getDrainWaitSeconds();

  void setDrainWaitSeconds(int value);

  /** Most rows of one append. */
  @Description("Rows of one append at most, 1 to 10000")
  @Default.Integer(500)
  int getAppendRows();

  void setAppendRows(int value);

  /** Most bytes on their way to BigQuery. */
  @Description("Megabytes on their way to BigQuery per connection before reading waits, 1 to 1000")
  @Default.Integer(100)
  int getAppendInflightMegabytes();

  void setAppendInflightMegabytes(int value);

  /** Whether tables share connections. */
  @Description("Whether the tables of a worker share a few connections to BigQuery")
  @Default.Boolean(true)
  boolean getConnectionPool();

  void setConnectionPool(boolean value);

  /** How long a file of the copy is gathered. */
  @Description("Seconds for which messages are gathered into one file of the copy, 1 to 3600")
  @Default.Integer(300)
  int getArchiveWindowSeconds();

  void setArchiveWindowSeconds(int value);

  /** Messages after which a file of the copy is written early. */
  @Description(
      "Messages after which a file of the copy is written without waiting longer, 1 to 1000000")
  @Default.Integer(50_000)
  int getArchiveFileEvents();

  void setArchiveFileEvents(int value);

  /** Files written side by side. */
  @Description("Files of one table written side by side, 1 to 1000")
  @Default.Integer(1)
  int getArchiveShards();

  void setArchiveShards(int value);

  /** What dead letters name as the version that wrote them. */
  @Description("Version of the job as dead letters name it")
  @Default.String("0.1.0")
  String getServiceVersion();

  void setServiceVersion(String value);

  /** Another BigQuery than Google's. */
  @Description(
      "URL of an embedded BigQuery, for example http://127.0.0.1:9050; no credentials are sent")
  @Nullable String getBigqueryEndpoint();

  void setBigqueryEndpoint(@Nullable String value);

  /** Another Storage Write API than Google's. */
  @Description(
      "host:port of an embedded Storage Write API, for example 127.0.0.1:9060; plaintext, no credentials")
  @Nullable String getBigqueryStorageEndpoint();

  void setBigqueryStorageEndpoint(@Nullable String value);
}
