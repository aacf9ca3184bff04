package io.pipeline.dataflow.store;

import static io.pipeline.dataflow.store.FakeWarehouse.column;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.cloud.bigquery.storage.v1.CivilTimeEncoder;
import com.google.cloud.bigquery.storage.v1.ProtoRows;
import io.pipeline.dataflow.json.Event;
import io.pipeline.dataflow.json.EventTypeSources;
import io.pipeline.dataflow.model.Events;
import io.pipeline.dataflow.schema.Column;
import io.pipeline.dataflow.schema.ColumnMode;
import io.pipeline.dataflow.schema.ColumnType;
import io.pipeline.dataflow.schema.FitOptions;
import io.pipeline.dataflow.schema.Fitted;
import io.pipeline.dataflow.schema.Fitter;
import io.pipeline.dataflow.schema.MessageMeta;
import io.pipeline.dataflow.schema.RowBuilder;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Encoded rows, decoded by the schema they are sent with. */
class RowEncoderTest {
  private final RowEncoder encoder = new RowEncoder();

  private Map<String, Object> encoded(String json, Column... columns) {
    FakeWarehouse warehouse = new FakeWarehouse().put("orders", columns);
    KnownTable table = KnownTable.of("orders", FakeWarehouse.schema(columns));
    Event event = Events.event("1", json).event(EventTypeSources.DEFAULT);
    Fitted fitted = Fitter.fit(event, table.compiled(), FitOptions.LIST_PENDING);
    assertEquals(List.of(), fitted.pending());
    MessageMeta message = new MessageMeta("1", Instant.ofEpochMilli(Events.PUBLISHED_MS));
    var row = RowBuilder.build(message, event, fitted, Instant.EPOCH).row();
    ProtoRows rows = ProtoRows.newBuilder().addSerializedRows(encoder.encode(row)).build();
    assertEquals(
        new AppendAnswer.Stored(),
        warehouse.append("orders", table.version(), table.writerSchema(), rows).join());
    return warehouse.rows().get(0).values();
  }

  static Stream<Arguments> scalars() {
    return Stream.of(
        Arguments.of(ColumnType.BOOL, "false", false),
        Arguments.of(ColumnType.INT64, "-9223372036854775808", Long.MIN_VALUE),
        Arguments.of(ColumnType.FLOAT64, "-1.5e300", -1.5e300),
        Arguments.of(
            ColumnType.NUMERIC, "12345678901234567890.123456789", "12345678901234567890.123456789"),
        Arguments.of(ColumnType.NUMERIC, "-12.50", "-12.50"),
        Arguments.of(ColumnType.NUMERIC, "0.050000001", "0.050000001"),
        Arguments.of(ColumnType.NUMERIC, "-7", "-7"),
        Arguments.of(ColumnType.NUMERIC, "1.5e3", "1500"),
        Arguments.of(ColumnType.BIGNUMERIC, "-0.000000000000001", "-0.000000000000001"),
        Arguments.of(ColumnType.STRING, "\"\\ud83d\\ude00 ü\"", "😀 ü"),
        Arguments.of(ColumnType.STRING, "\"at last: \u007f\u0080\"", "at last: \u007f\u0080"),
        Arguments.of(ColumnType.STRING, "\"\"", ""),
        Arguments.of(ColumnType.JSON, "{\"a\":[1.5]}", "{\"a\":[1.5]}"),
        Arguments.of(
            ColumnType.DATE, "\"2026-11-23\"", (int) LocalDate.parse("2026-11-23").toEpochDay()),
        Arguments.of(ColumnType.TIMESTAMP, "\"1970-01-01T00:00:01.000002Z\"", 1_000_002L),
        Arguments.of(
            ColumnType.DATETIME,
            "\"2026-11-23T02:05:00.000001\"",
            CivilTimeEncoder.encodePacked64DatetimeMicrosLocalDateTime(
                LocalDateTime.parse("2026-11-23T02:05:00.000001"))));
  }

  @ParameterizedTest
  @MethodSource("scalars")
  void keepsAValueOf(ColumnType type, String json, Object expected) {
    assertEquals(expected, encoded("{\"value\":" + json + "}", column("value", type)).get("value"));
  }

  @Test
  void leavesOutWhatIsNull() {
    Map<String, Object> row = encoded("{\"value\":null}", column("value", ColumnType.STRING));

    assertEquals(false, row.containsKey("value"));
    assertEquals(false, row.containsKey("_overflow"));
  }

  /** The length prefix of a message has one byte or more. */
  @ParameterizedTest
  @ValueSource(ints = {0, 120, 127, 128, 16_370, 16_384, 2_100_000})
  void nestsRecordsOfAnyLength(int length) {
    String text = "x".repeat(length);
    Column inner =
        new Column(
            "inner",
            ColumnType.RECORD,
            ColumnMode.REPEATED,
            "",
            List.of(column("text", ColumnType.STRING)));
    Column outer = new Column("outer", ColumnType.RECORD, ColumnMode.NULLABLE, "", List.of(inner));

    Map<String, Object> row =
        encoded(
            "{\"outer\":{\"inner\":[{\"text\":\"%s\"},{\"text\":\"last\"}]}}".formatted(text),
            outer);

    assertEquals(
        Map.of("inner", List.of(Map.of("text", text), Map.of("text", "last"))), row.get("outer"));
  }
}
