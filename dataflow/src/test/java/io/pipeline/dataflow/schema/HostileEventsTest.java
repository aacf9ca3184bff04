package io.pipeline.dataflow.schema;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.pipeline.dataflow.json.Decoded;
import io.pipeline.dataflow.json.Event;
import io.pipeline.dataflow.json.EventDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Events crafted to be expensive; each is handled in linear time. */
class HostileEventsTest {
  private static final int MEGABYTE = 1_000_000;
  private static final TableSchema EMPTY = Vectors.schema(null);

  /** Far above the linear cost of any event, far below the quadratic one. */
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  static List<Arguments> events() {
    return List.of(
        Arguments.of("a string of 9 MB", "{\"a\":\"" + "x".repeat(9 * MEGABYTE) + "\"}", "row"),
        Arguments.of(
            "a string of 10 MB", "{\"a\":\"" + "x".repeat(10 * MEGABYTE) + "\"}", "TOO_LARGE"),
        Arguments.of("a key of 2 MB", "{\"" + "k".repeat(2 * MEGABYTE) + "\":1}", "row"),
        Arguments.of("5 MB of digits", "{\"a\":" + "9".repeat(5 * MEGABYTE) + "}", "row"),
        Arguments.of("an exponent of 1 MB", "{\"a\":1e" + "9".repeat(MEGABYTE) + "}", "row"),
        Arguments.of(
            "5 million backslashes", "{\"a\":\"" + "\\\\".repeat(2_500_000) + "\"}", "row"),
        Arguments.of("a million brackets", "[".repeat(MEGABYTE), "TOO_DEEP"),
        Arguments.of("100 levels", nested(99, "{\"b\":1}"), "row"),
        Arguments.of("101 levels", nested(100, "{}"), "TOO_DEEP"),
        Arguments.of("100,000 keys at the root", object(100_000), "row"),
        Arguments.of("100,000 keys in an object", "{\"a\":" + object(100_000) + "}", "row"),
        Arguments.of(
            "90,000 keys in objects of 300 in an object",
            "{\"a\":{" + each(300, i -> "\"o" + i + "\":" + object(300)) + "}}",
            "row"),
        Arguments.of(
            "a million records", "{\"a\":[" + "{},".repeat(MEGABYTE) + "{}]}", "TOO_LARGE"),
        Arguments.of(
            "80,000 records with a new field each",
            "{\"a\":[" + each(80_000, i -> "{\"b\":{\"k" + i + "\":0}}") + "]}",
            "row"),
        Arguments.of(
            "120,000 records with a new field each",
            "{\"a\":[" + each(120_000, i -> "{\"k" + i + "\":0}") + "]}",
            "row"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("events")
  void isSettled(String name, String text, String outcome) {
    assertEquals(outcome, Assertions.assertTimeout(PATIENCE, () -> settle(text, EMPTY)), name);
  }

  @Test
  void conflictsUnderLongKeysAreRefusedBeforeTheirPointersFillTheMemory() {
    String key = "k".repeat(10_000);
    TableSchema schema = learn("{\"" + key + "\":[{\"a\":1}]}", EMPTY);
    String elements =
        IntStream.range(0, 100_000).mapToObj(i -> "{\"a\":\"x\"}").collect(Collectors.joining(","));

    assertEquals("TOO_LARGE", settle("{\"" + key + "\":[" + elements + "]}", schema));
  }

  private static String settle(String text, TableSchema before) {
    Decoded decoded = decode(text);
    if (decoded.rejection() != null) {
      return decoded.rejection().code().toString();
    }
    Event event = decoded.event();
    CompiledSchema compiled = CompiledSchema.compile(learn(text, before));
    Fitted fitted = Fitter.fit(event, compiled, FitOptions.PENDING_TO_OVERFLOW);
    BuiltRow built =
        RowBuilder.build(new MessageMeta("1", Instant.EPOCH), event, fitted, Instant.EPOCH);
    return built.rejection() == null ? "row" : built.rejection().code().toString();
  }

  private static TableSchema learn(String text, TableSchema before) {
    Fitted fitted =
        Fitter.fit(decode(text).event(), CompiledSchema.compile(before), FitOptions.LIST_PENDING);
    return SchemaPlan.of(before, List.of(fitted.pending())).schema();
  }

  private static Decoded decode(String text) {
    return EventDecoder.decode(text.getBytes(StandardCharsets.UTF_8), Map.of("event_type", "t"));
  }

  private static String nested(int levels, String inner) {
    return "{\"a\":".repeat(levels) + inner + "}".repeat(levels);
  }

  private static String object(int keys) {
    return "{" + each(keys, i -> "\"k" + i + "\":" + i) + "}";
  }

  private static String each(int count, IntFunction<String> text) {
    return IntStream.range(0, count).mapToObj(text).collect(Collectors.joining(","));
  }
}
