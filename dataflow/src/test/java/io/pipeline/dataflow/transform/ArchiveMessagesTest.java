package io.pipeline.dataflow.transform;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.pipeline.dataflow.model.Envelope;
import io.pipeline.dataflow.model.EnvelopeCoder;
import io.pipeline.dataflow.model.Events;
import io.pipeline.dataflow.options.TestSettings;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.testing.TestPipeline;
import org.apache.beam.sdk.testing.TestStream;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.TimestampedValue;
import org.joda.time.Duration;
import org.joda.time.Instant;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** Assignment of messages to files. */
public class ArchiveMessagesTest {
  private static final Duration WINDOW = Duration.standardMinutes(5);

  @Rule public final transient TestPipeline pipeline = TestPipeline.create();
  @Rule public final transient TemporaryFolder folder = new TemporaryFolder();

  private static TimestampedValue<KV<String, Envelope>> copy(String table, Envelope envelope) {
    return TimestampedValue.of(
        KV.of(table, envelope), Instant.ofEpochMilli(envelope.publishTimeMs()));
  }

  private void archive(TestStream<KV<String, Envelope>> copies) {
    String location = folder.getRoot().getPath();
    pipeline
        .apply(copies)
        .apply(new ArchiveMessages(TestSettings.of("--archiveLocation=" + location), "run"));
    pipeline.run();
  }

  private static TestStream.Builder<KV<String, Envelope>> stream() {
    return TestStream.create(KvCoder.of(StringUtf8Coder.of(), EnvelopeCoder.of()));
  }

  /** Maps each folder to the message ids of its files. */
  private Map<String, List<String>> archived() throws IOException {
    Map<String, List<String>> ids = new TreeMap<>();
    Path root = folder.getRoot().toPath();
    try (Stream<Path> files = Files.walk(root)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        assertTrue(file.toString(), file.toString().endsWith(".ndjson.gz"));
        List<String> here =
            ids.computeIfAbsent(
                root.relativize(file.getParent()).toString(), absent -> new ArrayList<>());
        for (JsonNode line : lines(file)) {
          here.add(line.get("message_id").asText());
        }
        here.sort(null);
      }
    }
    return ids;
  }

  private static List<JsonNode> lines(Path file) throws IOException {
    List<JsonNode> lines = new ArrayList<>();
    try (BufferedReader reader =
        new BufferedReader(
            new InputStreamReader(
                new GZIPInputStream(Files.newInputStream(file)), StandardCharsets.UTF_8))) {
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        lines.add(new ObjectMapper().readTree(line));
      }
    }
    return lines;
  }

  @Test
  public void writesEachMessageIntoTheFolderOfItsTableAndHour() throws IOException {
    long nextHour = Events.PUBLISHED_MS + 3_600_000;

    archive(
        stream()
            .addElements(
                copy("orders", Events.envelope("1", "{}")),
                copy("orders", Events.envelope("2", "{}", nextHour)),
                copy("_rejected", Events.envelope("3", "no json")))
            .advanceProcessingTime(WINDOW)
            .advanceWatermarkToInfinity());

    assertEquals(
        Map.of(
            "orders/dt=2026-11-23/hr=02", List.of("1"),
            "orders/dt=2026-11-23/hr=03", List.of("2"),
            "_rejected/dt=2026-11-23/hr=02", List.of("3")),
        archived());
  }

  @Test
  public void keepsWhatComesLateAndWhatComesTwice() throws IOException {
    Instant afterTheHour = Instant.ofEpochMilli(Events.PUBLISHED_MS + 7_200_000);

    archive(
        stream()
            .addElements(copy("orders", Events.envelope("1", "{}")))
            .advanceProcessingTime(WINDOW)
            .advanceWatermarkTo(afterTheHour)
            .addElements(
                copy("orders", Events.envelope("1", "{}")),
                copy("orders", Events.envelope("late", "{}")))
            .advanceProcessingTime(WINDOW)
            .advanceWatermarkToInfinity());

    assertEquals(Map.of("orders/dt=2026-11-23/hr=02", List.of("1", "1", "late")), archived());
  }

  @Test
  public void keepsWhatIsNotYetWrittenWhenTheJobIsDrained() throws IOException {
    archive(
        stream()
            .addElements(copy("orders", Events.envelope("1", "{}")))
            .advanceWatermarkToInfinity());

    assertEquals(Map.of("orders/dt=2026-11-23/hr=02", List.of("1")), archived());
  }
}
