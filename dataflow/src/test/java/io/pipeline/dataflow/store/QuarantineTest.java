package io.pipeline.dataflow.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.api.services.bigquery.model.Table;
import com.google.cloud.bigquery.storage.v1.ProtoRows;
import com.google.protobuf.ByteString;
import io.pipeline.dataflow.model.DeadLetterReason;
import io.pipeline.dataflow.model.Envelope;
import io.pipeline.dataflow.model.RoutedEvent;
import io.pipeline.dataflow.schema.Column;
import io.pipeline.dataflow.schema.NewTables;
import io.pipeline.dataflow.schema.RestTables;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Rows of {@code _quarantine} are the same as table-manager's. */
class QuarantineTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final long NOW_MS = Instant.parse("2026-11-29T10:00:01Z").toEpochMilli();

  private static JsonNode contract() throws IOException {
    return JSON.readTree(Path.of("../test/contracts/tables/quarantine.json").toFile());
  }

  @Test
  void hasTheColumnsOfTheContract() throws IOException {
    List<Map<String, String>> actual = new ArrayList<>();
    for (Column column : Quarantine.COLUMNS) {
      actual.add(
          Map.of(
              "name", column.name(), "type", column.type().name(), "mode", column.mode().name()));
    }

    assertEquals(contract().get("columns"), JSON.valueToTree(actual));
    assertEquals(contract().get("maxDataBytes").asInt(), Quarantine.MAX_DATA_BYTES);
  }

  @TestFactory
  Stream<DynamicTest> labels() throws IOException {
    return StreamSupport.stream(contract().get("labels").spliterator(), false)
        .map(
            one ->
                DynamicTest.dynamicTest(
                    one.get("labels").toString(),
                    () -> {
                      Map<String, String> labels =
                          JSON.convertValue(one.get("labels"), new TypeReference<>() {});
                      assertEquals(
                          one.get("newTable").asText().toUpperCase(Locale.ROOT),
                          RestTables.schemaOf(new Table().setLabels(labels)).newTables().name());
                    }));
  }

  @TestFactory
  Stream<DynamicTest> rows() throws IOException {
    return StreamSupport.stream(contract().get("cases").spliterator(), false)
        .map(one -> DynamicTest.dynamicTest(one.get("name").asText(), () -> check(one)));
  }

  /** Beam's clock has milliseconds, so that microseconds of the publish time are cut off. */
  private static void check(JsonNode vector) throws IOException {
    JsonNode message = vector.get("message");
    JsonNode row = vector.get("row");
    long publishedMs = Instant.parse(message.get("publishTime").asText()).toEpochMilli();
    Map<String, String> attributes =
        JSON.convertValue(message.get("attributes"), new TypeReference<>() {});

    Map<String, Object> actual =
        appended(
            message.get("messageId").asText(),
            publishedMs,
            attributes,
            ByteString.copyFromUtf8(message.get("data").asText()),
            message.get("table").asText(),
            message.get("eventType").asText(),
            NewTables.valueOf(message.get("reason").asText()));

    assertEquals(row.size() + 1, actual.size());
    for (String text : List.of("message_id", "event_type", "table_name", "reason")) {
      assertEquals(row.get(text).asText(), actual.get(text));
    }
    assertEquals(
        row.get("data").asText(),
        Base64.getEncoder().encodeToString(((ByteString) actual.get("data")).toByteArray()));
    assertEquals(
        JSON.readTree(row.get("attributes").asText()),
        JSON.readTree((String) actual.get("attributes")));
    assertEquals(publishedMs * 1_000, actual.get("publish_time"));
    assertEquals(NOW_MS * 1_000, actual.get("quarantined_at"));
  }

  @Test
  void aTypeThatIsNotAllowedHasTheDeadLetterOfTheContract() throws IOException {
    JsonNode letter = contract().get("notAllowed");

    assertEquals(letter.get("reason").asText(), DeadLetterReason.TYPE_NOT_ALLOWED.name());
    assertEquals(letter.get("detail").asText(), EventDecider.NOT_ALLOWED);
  }

  @Test
  void leavesDataOutThatNoRowHolds() {
    ByteString data = ByteString.copyFrom(new byte[Quarantine.MAX_DATA_BYTES + 1]);

    assertFalse(
        appended("1", 0, Map.of(), data, "t", "t", NewTables.TABLE_GUARD).containsKey("data"));
    assertTrue(
        appended("1", 0, Map.of(), data.substring(1), "t", "t", NewTables.TABLE_GUARD)
            .containsKey("data"));
  }

  /** Returns the row as it is stored under the schema that it is sent with. */
  private static Map<String, Object> appended(
      String id,
      long publishedMs,
      Map<String, String> attributes,
      ByteString data,
      String table,
      String eventType,
      NewTables reason) {
    Envelope envelope = new Envelope(id, id, publishedMs, publishedMs, attributes, data, false);
    ByteString row = Quarantine.encode(new RoutedEvent(envelope, table, eventType), reason, NOW_MS);
    FakeWarehouse warehouse = new FakeWarehouse().guard(true);
    warehouse
        .append(
            Quarantine.NAME,
            "1",
            Quarantine.TABLE.writerSchema(),
            ProtoRows.newBuilder().addSerializedRows(row).build())
        .join();
    return warehouse.quarantined().get(0);
  }
}
