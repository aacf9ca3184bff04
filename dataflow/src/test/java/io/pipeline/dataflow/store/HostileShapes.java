package io.pipeline.dataflow.store;

import com.google.protobuf.ByteString;
import io.pipeline.dataflow.json.Decoded;
import io.pipeline.dataflow.json.EventDecoder;
import io.pipeline.dataflow.schema.BuiltRow;
import io.pipeline.dataflow.schema.Column;
import io.pipeline.dataflow.schema.ColumnMode;
import io.pipeline.dataflow.schema.ColumnType;
import io.pipeline.dataflow.schema.FitOptions;
import io.pipeline.dataflow.schema.Fitted;
import io.pipeline.dataflow.schema.Fitter;
import io.pipeline.dataflow.schema.MessageMeta;
import io.pipeline.dataflow.schema.RowBuilder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Brings hostile messages of up to 10 MB through decoding, fitting, row building and encoding, one
 * after the other, and prints the outcome of each. {@link HostileMemoryTest} runs it with a small
 * heap.
 */
final class HostileShapes {
  private static final int MEGABYTE = 1_000_000;

  static final List<String> EXPECTED =
      List.of(
          "conflicting records, 10 MB: TOO_LARGE",
          "conflicting records, 4 MB: TOO_LARGE",
          "conflicting records below the limit of values: TOO_LARGE",
          "fitting records, 9 MB: TOO_LARGE",
          "fitting records with 17 digits: TOO_LARGE",
          "numbers, 10 MB: TOO_LARGE",
          "numbers of 38 digits: TOO_LARGE",
          "nulls, 5 MB: TOO_LARGE",
          "empty objects, 6 MB: TOO_LARGE",
          "empty arrays, 6 MB: TOO_LARGE",
          "mixed kinds, 7 MB: TOO_LARGE",
          "records of 400 different keys: TOO_LARGE",
          "records of 400 different keys, 200 kB: row",
          "records of 400 different keys, 800 kB: row",
          "240,000 keys at the root: TOO_LARGE",
          "240,000 keys below the root: row",
          "one string, 9.9 MB: TOO_LARGE",
          "one string of three-byte characters: TOO_LARGE",
          "one string of escapes: row",
          "one number of 9.9 million digits: TOO_LARGE",
          "9.9 million brackets: TOO_DEEP",
          "a text that is cut off: TOO_LARGE",
          "a key that comes twice at the end: DUPLICATE_KEY",
          "an event type of 4 MB: EVENT_TYPE_INVALID",
          "a string of 9 MB: row",
          "9.9 MB of escapes: TOO_LARGE",
          "10 MB that is not JSON: NOT_JSON",
          "124,000 conflicting records: row",
          "124,000 records of a wide record, one field each: row",
          "24,000 records of a wide record, nine fields each: row",
          "124,000 records with a new field each: row",
          "80,000 records with a new record each: row",
          "249,000 keys at the root: TOO_LARGE",
          "249,000 keys in an object: row",
          "249,000 numbers of 38 digits: row",
          "249,000 numbers that no type holds: TOO_LARGE",
          "conflicts under a key of 10 KB: TOO_LARGE",
          "4.9 MB of texts beside the event: row");

  private HostileShapes() {}

  public static void main(String[] arguments) {
    KnownTable table = KnownTable.of("t", FakeWarehouse.schema(columns()));
    shapes().forEach((name, text) -> System.out.println(name + ": " + outcome(text.get(), table)));
  }

  private static Column[] columns() {
    List<Column> wide =
        IntStream.range(0, 400)
            .mapToObj(i -> FakeWarehouse.column("k" + i, ColumnType.INT64))
            .toList();
    return new Column[] {
      new Column(
          "a",
          ColumnType.RECORD,
          ColumnMode.REPEATED,
          "",
          List.of(FakeWarehouse.column("x", ColumnType.INT64))),
      new Column("w", ColumnType.RECORD, ColumnMode.REPEATED, "", wide)
    };
  }

  private static Map<String, Supplier<String>> shapes() {
    Map<String, Supplier<String>> shapes = shapesOfTableManager();
    shapes.put("a string of 9 MB", () -> "{\"s\":\"" + "x".repeat(9 * MEGABYTE) + "\"}");
    shapes.put("9.9 MB of escapes", () -> "{\"s\":\"" + "\\\"".repeat(4_950_000) + "\"}");
    shapes.put("10 MB that is not JSON", () -> "{\"a\":" + " ".repeat(9_900_000) + "x}");
    shapes.put("124,000 conflicting records", () -> list("a", 124_000, i -> "{\"x\":\"s\"}"));
    shapes.put(
        "124,000 records of a wide record, one field each",
        () -> list("w", 124_000, i -> "{\"k" + i % 400 + "\":1}"));
    shapes.put(
        "24,000 records of a wide record, nine fields each",
        () -> list("w", 24_000, i -> "{" + each(9, k -> "\"k" + (i + k) % 400 + "\":1") + "}"));
    shapes.put(
        "124,000 records with a new field each",
        () -> list("n", 124_000, i -> "{\"k" + i + "\":0}"));
    shapes.put(
        "80,000 records with a new record each",
        () -> list("a", 80_000, i -> "{\"b\":{\"k" + i + "\":0}}"));
    shapes.put(
        "249,000 keys at the root", () -> "{" + each(249_000, i -> "\"k" + i + "\":" + i) + "}");
    shapes.put(
        "249,000 keys in an object",
        () -> "{\"o\":{" + each(249_000, i -> "\"k" + i + "\":" + i) + "}}");
    shapes.put("249,000 numbers of 38 digits", () -> list("n", 249_000, i -> "1".repeat(37)));
    shapes.put(
        "249,000 numbers that no type holds",
        () -> list("a", 124_000, i -> "{\"x\":" + "1".repeat(60) + "}"));
    shapes.put(
        "conflicts under a key of 10 KB",
        () ->
            list("k".repeat(10_000), 124_000, i -> "{\"a\":" + (i % 2 == 0 ? "1" : "\"\"") + "}"));
    shapes.put(
        "4.9 MB of texts beside the event",
        () ->
            "{"
                + each(4_900, i -> "\"k" + i % 1000 + "_" + i + "\":\"" + "y".repeat(1_000) + "\"")
                + "}");
    return shapes;
  }

  /**
   * The shapes of table-manager's own test, by the same names; {@link HostileMemoryTest} compares.
   */
  private static Map<String, Supplier<String>> shapesOfTableManager() {
    Map<String, Supplier<String>> shapes = new LinkedHashMap<>();
    shapes.put("conflicting records, 10 MB", () -> arrayOf(9_900_000, i -> "{\"x\":\"s\"}"));
    shapes.put("conflicting records, 4 MB", () -> arrayOf(4 * MEGABYTE, i -> "{\"x\":\"s\"}"));
    shapes.put(
        "conflicting records below the limit of values",
        () -> arrayOf(9_900_000, i -> "{\"x\":\"" + "s".repeat(75) + "\"}"));
    shapes.put("fitting records, 9 MB", () -> arrayOf(9 * MEGABYTE, i -> "{\"x\":1}"));
    shapes.put(
        "fitting records with 17 digits",
        () -> arrayOf(6 * MEGABYTE, i -> "{\"x\":" + "1".repeat(17) + "}"));
    shapes.put("numbers, 10 MB", () -> arrayOf(9_900_000, i -> "1"));
    shapes.put(
        "numbers of 38 digits", () -> arrayOf(9_500_000, i -> "9".repeat(30) + (10_000_000 + i)));
    shapes.put("nulls, 5 MB", () -> arrayOf(5 * MEGABYTE, i -> "null"));
    shapes.put("empty objects, 6 MB", () -> arrayOf(6 * MEGABYTE, i -> "{}"));
    shapes.put("empty arrays, 6 MB", () -> arrayOf(6 * MEGABYTE, i -> "[]"));
    shapes.put("mixed kinds, 7 MB", () -> arrayOf(7 * MEGABYTE, i -> i % 2 == 0 ? "1" : "\"s\""));
    shapes.put("records of 400 different keys", () -> arrayOf(4_400_000, i -> oneOf400(i)));
    shapes.put("records of 400 different keys, 200 kB", () -> arrayOf(200_000, i -> oneOf400(i)));
    shapes.put("records of 400 different keys, 800 kB", () -> arrayOf(800_000, i -> oneOf400(i)));
    shapes.put("240,000 keys at the root", () -> event(longKeys()));
    shapes.put("240,000 keys below the root", () -> event("\"b\":{" + longKeys() + "}"));
    shapes.put("one string, 9.9 MB", () -> event("\"s\":\"" + "x".repeat(9_900_000) + "\""));
    shapes.put(
        "one string of three-byte characters",
        () -> event("\"s\":\"" + "漢".repeat(3_300_000) + "\""));
    shapes.put(
        "one string of escapes", () -> event("\"s\":\"" + "\\u0041".repeat(1_600_000) + "\""));
    shapes.put("one number of 9.9 million digits", () -> event("\"n\":" + "7".repeat(9_900_000)));
    shapes.put("9.9 million brackets", () -> "[".repeat(9_900_000));
    shapes.put(
        "a text that is cut off",
        () -> "{\"event_type\":\"hostile\",\"a\":[" + "{\"x\":1},".repeat(500_000));
    shapes.put(
        "a key that comes twice at the end",
        () -> event("\"b\":{\"s\":\"" + "x".repeat(6 * MEGABYTE) + "\",\"d\":1,\"d\":2}"));
    shapes.put(
        "an event type of 4 MB",
        () -> "{\"event_type\":\"" + "t".repeat(4 * MEGABYTE) + "\",\"a\":[]}");
    return shapes;
  }

  private static String oneOf400(int index) {
    return "{\"k" + index % 400 + "\":0}";
  }

  private static String longKeys() {
    return each(240_000, i -> "\"key_" + i + "_" + "x".repeat(20) + "\":1");
  }

  private static String event(String members) {
    return "{\"event_type\":\"hostile\"," + members + "}";
  }

  /** As many elements as fit, as the field {@code a} of an event. */
  private static String arrayOf(int bytes, IntFunction<String> element) {
    StringBuilder elements = new StringBuilder(bytes + 1_000);
    for (int index = 0; elements.length() < bytes; index++) {
      elements.append(index == 0 ? "" : ",").append(element.apply(index));
    }
    return event("\"a\":[" + elements + "]");
  }

  private static String outcome(String text, KnownTable table) {
    byte[] data = text.getBytes(StandardCharsets.UTF_8);
    Decoded decoded = EventDecoder.decode(data, Map.of("event_type", "t"));
    if (decoded.rejection() != null) {
      return decoded.rejection().code().name();
    }
    // The job fits twice: once to find what is pending, once with the pending values in overflow.
    Fitter.fit(decoded.event(), table.compiled(), FitOptions.LIST_PENDING);
    Fitted fitted = Fitter.fit(decoded.event(), table.compiled(), FitOptions.PENDING_TO_OVERFLOW);
    BuiltRow built =
        RowBuilder.build(
            new MessageMeta("1", Instant.EPOCH), decoded.event(), fitted, Instant.EPOCH);
    if (built.rejection() != null) {
      return built.rejection().code().name();
    }
    ByteString bytes = new RowEncoder().encode(built.row());
    return bytes.isEmpty() ? "empty" : "row";
  }

  private static String list(String key, int count, IntFunction<String> element) {
    return "{\"" + key + "\":[" + each(count, element) + "]}";
  }

  private static String each(int count, IntFunction<String> text) {
    return IntStream.range(0, count).mapToObj(text).collect(Collectors.joining(","));
  }
}
