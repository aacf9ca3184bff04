package io.pipeline.dataflow.schema;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.pipeline.dataflow.json.Decoded;
import io.pipeline.dataflow.json.Event;
import io.pipeline.dataflow.json.EventDecoder;
import io.pipeline.dataflow.json.EventTypeSources;
import io.pipeline.dataflow.store.EncodedRows;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Rows written from bytes equal those of the parsed event: for every vector of test/contracts, and
 * for random tables and events ({@code WRITTEN_ROWS_EVENTS} sets how many, {@code
 * WRITTEN_ROWS_SEED} which).
 */
class WrittenRowTest {
  private static final MessageMeta MESSAGE =
      new MessageMeta("1234567890", Instant.parse("2026-11-22T23:05:00.123Z"));
  private static final Instant INGESTED = Instant.parse("2026-11-22T23:05:01Z");
  private static final List<Map<String, String>> ATTRIBUTES =
      List.of(Map.of("event_type", "t"), Map.of(), Map.of("ce-specversion", "1.0", "ce-type", "c"));
  private static final List<EventTypeSources> SOURCES =
      List.of(
          EventTypeSources.DEFAULT,
          EventTypeSources.DEFAULT,
          EventTypeSources.parse("attribute:event_type, field:name, constant:other"));
  private static final int EVENTS_PER_TABLE = 50;

  private final RowMatch match = new RowMatch();
  private int events;
  private int matched;

  @Test
  void areThoseOfEveryVector() {
    for (JsonNode suite : Vectors.suites()) {
      for (JsonNode vector : suite.get("cases")) {
        for (String field : List.of("event", "data")) {
          JsonNode text = vector.get(field);
          if (text != null) {
            checkVector(vector, Vectors.text(text));
          }
        }
        vector.path("events").forEach(text -> checkVector(vector, Vectors.text(text)));
      }
    }
    assertTrue(matched > events / 5, matched + " of " + events + " matched");
  }

  /** Against the table of the vector, and against the table after the event's own plan. */
  private void checkVector(JsonNode vector, String text) {
    byte[] data = text.getBytes(StandardCharsets.UTF_8);
    TableSchema table = Vectors.schema(vector.get("schema"));
    check(data, CompiledSchema.compile(table), ATTRIBUTES.get(0), EventTypeSources.DEFAULT);
    Event event = EventDecoder.decode(data, ATTRIBUTES.get(0)).event();
    if (event != null) {
      List<SchemaChange> pending =
          Fitter.fit(event, CompiledSchema.compile(table), FitOptions.LIST_PENDING).pending();
      TableSchema after = SchemaPlan.of(table, List.of(pending)).schema();
      check(data, CompiledSchema.compile(after), ATTRIBUTES.get(0), EventTypeSources.DEFAULT);
    }
  }

  @Test
  void areThoseOfRandomEvents() {
    long count = Long.parseLong(System.getenv().getOrDefault("WRITTEN_ROWS_EVENTS", "20000"));
    String chosen = System.getenv("WRITTEN_ROWS_SEED");
    long seed = chosen == null ? new Random().nextInt(1_000_000_000) : Long.parseLong(chosen);
    System.out.println("WRITTEN_ROWS_SEED=" + seed);
    for (long done = 0; done < count; done += EVENTS_PER_TABLE) {
      checkTable(seed + done / EVENTS_PER_TABLE);
    }
    System.out.println(matched + " of " + events + " random events matched");
    assertTrue(matched > events / 5, matched + " of " + events + " matched");
  }

  private void checkTable(long seed) {
    RandomTable random = new RandomTable(seed);
    CompiledSchema compiled = CompiledSchema.compile(random.schema(), random.limits());
    for (int i = 0; i < EVENTS_PER_TABLE; i++) {
      byte[] data = random.event();
      try {
        check(data, compiled, ATTRIBUTES.get(i % 3), SOURCES.get(i / 3 % 3));
      } catch (RuntimeException | AssertionError failure) {
        String text = new String(data, StandardCharsets.UTF_8);
        throw new AssertionError(
            "event " + i + " of table " + seed + ": " + text + "\n" + random.schema(), failure);
      }
    }
  }

  /** The matcher changes no result. */
  private void check(
      byte[] data,
      CompiledSchema compiled,
      Map<String, String> attributes,
      EventTypeSources sources) {
    events++;
    Decoded parsed = EventDecoder.decode(data, attributes, sources);
    Decoded decoded =
        EventDecoder.decode(
            data, attributes, sources, (eventType, bytes) -> match.match(bytes, compiled));

    assertEquals(parsed.rejection(), decoded.rejection());
    Event event = decoded.event();
    if (event == null) {
      return;
    }
    assertEquals(parsed.event().eventType(), event.eventType());
    assertEquals(parsed.event().attributesJson(), event.attributesJson());
    if (event.match() == null) {
      return;
    }
    matched++;
    assertEquals(Canonical.json(parsed.event().root()), Canonical.json(event.root()));
    checkRow(parsed.event(), event, compiled);
  }

  private void checkRow(Event parsed, Event event, CompiledSchema compiled) {
    Fitted expected = Fitter.fit(parsed, compiled, FitOptions.LIST_PENDING);
    Fitted fitted = Fitter.fit(event, compiled, FitOptions.LIST_PENDING);
    assertEquals(List.of(), expected.pending());
    assertEquals(List.of(), expected.overflow());
    assertEquals(List.of(), fitted.pending());
    assertEquals(List.of(), fitted.overflow());
    BuiltRow expectedRow = RowBuilder.build(MESSAGE, parsed, expected, INGESTED);
    BuiltRow row = RowBuilder.build(MESSAGE, event, fitted, INGESTED);
    assertEquals(expectedRow.rejection(), row.rejection());
    if (row.row() != null) {
      EncodedRows rows = new EncodedRows(compiled.schema());
      assertEquals(rows.messageOf(expectedRow.row()), rows.messageOf(row.row()));
    }
  }

  @Test
  void areParsedForAnotherVersionOfTheTable() {
    TableSchema table = Vectors.schema(null);
    CompiledSchema matchedBy = CompiledSchema.compile(table);
    CompiledSchema newer = CompiledSchema.compile(table);
    byte[] data = "{}".getBytes(StandardCharsets.UTF_8);
    Event event =
        EventDecoder.decode(
                data,
                ATTRIBUTES.get(0),
                EventTypeSources.DEFAULT,
                (eventType, bytes) -> match.match(bytes, matchedBy))
            .event();

    assertTrue(Fitter.fit(event, matchedBy, FitOptions.LIST_PENDING).written() != null);
    assertNull(Fitter.fit(event, newer, FitOptions.LIST_PENDING).written());
  }
}
