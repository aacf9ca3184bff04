package io.pipeline.dataflow.options;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.pipeline.dataflow.json.EventTypeSources;
import java.io.Serializable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * The validated options that the steps of the job receive.
 *
 * <p>Errors: {@link #from} throws {@link IllegalArgumentException} that names every option with an
 * invalid value.
 */
public record JobSettings(
    String projectId,
    String inputSubscription,
    String replaySubscription,
    String dataset,
    String deadLetterTopic,
    String archiveLocation,
    Map<String, String> eventRoutes,
    EventTypeSources eventTypeFrom,
    Duration schemaWait,
    Duration columnGrace,
    Duration schemaRefresh,
    Duration schemaPoll,
    int maxTables,
    int holdShards,
    int holdEvents,
    long holdBytes,
    Duration drainWait,
    int appendRows,
    long appendInflightBytes,
    boolean connectionPool,
    Duration archiveWindow,
    int archiveFileEvents,
    int archiveShards,
    String serviceVersion,
    @Nullable String bigqueryEndpoint,
    @Nullable String bigqueryStorageEndpoint)
    implements Serializable {

  private static final long BYTES_PER_MEGABYTE = 1_000_000L;
  private static final Pattern SUBSCRIPTION = Pattern.compile("projects/[^/]+/subscriptions/[^/]+");
  private static final Pattern TOPIC = Pattern.compile("projects/[^/]+/topics/[^/]+");
  private static final Pattern DATASET = Pattern.compile("[A-Za-z0-9_]{1,1024}");
  private static final Pattern TABLE = Pattern.compile("[A-Za-z][A-Za-z0-9_]{0,199}");

  /** Names reserved for the views of the dataset. */
  private static final Pattern VIEW =
      Pattern.compile(".*_unique|dead_letters|information_schema", Pattern.CASE_INSENSITIVE);

  private static final Pattern ADDRESS = Pattern.compile("[^/:]+:[0-9]+");

  public static JobSettings from(JobOptions options) {
    Checks checks = new Checks();
    JobSettings settings =
        new JobSettings(
            checks.text(
                "project",
                options.getProject(),
                Pattern.compile("[^/]+"),
                "the id of a Google Cloud project"),
            checks.text(
                "inputSubscription",
                options.getInputSubscription(),
                SUBSCRIPTION,
                "projects/PROJECT/subscriptions/NAME"),
            checks.text(
                "replaySubscription",
                options.getReplaySubscription(),
                SUBSCRIPTION,
                "projects/PROJECT/subscriptions/NAME"),
            checks.text(
                "dataset",
                options.getDataset(),
                DATASET,
                "the id of a BigQuery dataset, without project"),
            checks.text(
                "deadLetterTopic",
                options.getDeadLetterTopic(),
                TOPIC,
                "projects/PROJECT/topics/NAME"),
            checks.folder("archiveLocation", options.getArchiveLocation()),
            checks.routes("eventRoutes", options.getEventRoutes()),
            checks.sources("eventTypeFrom", options.getEventTypeFrom()),
            checks.seconds("schemaWaitSeconds", options.getSchemaWaitSeconds(), 0, 86_400),
            checks.seconds("columnGraceSeconds", options.getColumnGraceSeconds(), 0, 86_400),
            checks.seconds("schemaRefreshSeconds", options.getSchemaRefreshSeconds(), 1, 3_600),
            checks.seconds("schemaPollSeconds", options.getSchemaPollSeconds(), 1, 60),
            checks.number("maxTables", options.getMaxTables(), 1, 100_000),
            checks.number("holdShards", options.getHoldShards(), 1, 1_000),
            checks.number("holdEvents", options.getHoldEvents(), 1, 1_000_000),
            checks.number("holdMegabytes", options.getHoldMegabytes(), 1, 1_000)
                * BYTES_PER_MEGABYTE,
            checks.seconds("drainWaitSeconds", options.getDrainWaitSeconds(), 0, 600),
            checks.number("appendRows", options.getAppendRows(), 1, 10_000),
            checks.number("appendInflightMegabytes", options.getAppendInflightMegabytes(), 1, 1_000)
                * BYTES_PER_MEGABYTE,
            options.getConnectionPool(),
            checks.seconds("archiveWindowSeconds", options.getArchiveWindowSeconds(), 1, 3_600),
            checks.number("archiveFileEvents", options.getArchiveFileEvents(), 1, 1_000_000),
            checks.number("archiveShards", options.getArchiveShards(), 1, 1_000),
            checks.text(
                "serviceVersion",
                options.getServiceVersion(),
                Pattern.compile(".{1,100}"),
                "a version"),
            checks.url("bigqueryEndpoint", options.getBigqueryEndpoint()),
            checks.address("bigqueryStorageEndpoint", options.getBigqueryStorageEndpoint()));
    checks.throwIfAny();
    return settings;
  }

  /** Collects all problems, so that one start reports everything. */
  private static final class Checks {
    private final List<String> problems = new ArrayList<>();

    String text(String option, @Nullable String value, Pattern pattern, String form) {
      if (value == null || !pattern.matcher(value).matches()) {
        problems.add("--" + option + " must be " + form);
      }
      return value == null ? "" : value;
    }

    String folder(String option, @Nullable String value) {
      if (value == null || value.isBlank()) {
        problems.add("--" + option + " must be a folder, gs://BUCKET/FOLDER");
        return "";
      }
      return value.endsWith("/") ? value.substring(0, value.length() - 1) : value;
    }

    @Nullable String url(String option, @Nullable String value) {
      if (value == null || value.isEmpty()) {
        return null;
      }
      return text(option, value, Pattern.compile("https?://[^/]+/?"), "a URL without a path");
    }

    @Nullable String address(String option, @Nullable String value) {
      return value == null || value.isEmpty() ? null : text(option, value, ADDRESS, "host:port");
    }

    int number(String option, int value, int least, int most) {
      if (value < least || value > most) {
        problems.add("--" + option + " must be a whole number from " + least + " to " + most);
      }
      return value;
    }

    Duration seconds(String option, int value, int least, int most) {
      return Duration.ofSeconds(number(option, value, least, most));
    }

    EventTypeSources sources(String option, String text) {
      try {
        return EventTypeSources.parse(text);
      } catch (IllegalArgumentException refused) {
        problems.add("--" + option + ": " + refused.getMessage());
        return EventTypeSources.DEFAULT;
      }
    }

    Map<String, String> routes(String option, String json) {
      TreeMap<String, String> routes = new TreeMap<>();
      try {
        Map<String, Object> given =
            JsonMapper.builder()
                .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                .build()
                .readValue(json, new TypeReference<Map<String, Object>>() {});
        given.forEach(
            (type, table) -> {
              if (!(table instanceof String name)
                  || !TABLE.matcher(name).matches()
                  || VIEW.matcher(name).matches()) {
                problems.add("--" + option + " routes " + type + " to an invalid table name");
              } else {
                routes.put(type, name);
              }
            });
      } catch (JsonProcessingException | IllegalArgumentException | NullPointerException refused) {
        problems.add("--" + option + " must be a JSON object of event types and tables");
      }
      return routes;
    }

    void throwIfAny() {
      if (!problems.isEmpty()) {
        throw new IllegalArgumentException(String.join("; ", problems));
      }
    }
  }
}
