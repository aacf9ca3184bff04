package io.pipeline.dataflow.schema;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.common.collect.ImmutableList;
import io.pipeline.dataflow.json.Decoded;
import io.pipeline.dataflow.json.Event;
import io.pipeline.dataflow.json.EventDecoder;
import io.pipeline.dataflow.json.EventTypeSource;
import io.pipeline.dataflow.json.EventTypeSources;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Every vector of test/contracts; the TypeScript library passes the same ones. */
class ContractTest {
  private static final Map<String, String> ATTRIBUTES = Map.of("event_type", "t");
  private static final TableSchema EMPTY = Vectors.schema(null);

  @TestFactory
  Stream<DynamicContainer> vectors() {
    return Vectors.suites().stream()
        .map(
            suite ->
                DynamicContainer.dynamicContainer(
                    suite.get("suite").textValue(),
                    Vectors.stream(suite.get("cases"))
                        .map(
                            vector ->
                                DynamicTest.dynamicTest(
                                    vector.get("name").textValue(), () -> check(vector)))));
  }

  static void check(JsonNode vector) {
    String kind = vector.get("kind").textValue();
    switch (kind) {
      case "decode" -> checkDecode(vector);
      case "sources" -> checkSources(vector);
      case "route" -> checkRoute(vector);
      case "type" -> checkType(vector);
      case "names" -> checkNames(vector);
      case "fit" -> checkFit(vector);
      case "plan" -> checkPlan(vector);
      case "rebuild" -> checkRebuild(vector);
      case "row" -> checkRow(vector);
      default -> fail("unknown kind " + kind);
    }
  }

  private static void checkDecode(JsonNode vector) {
    JsonNode wanted = vector.get("expect");
    byte[] data =
        vector.has("dataHex")
            ? com.google.common.io.BaseEncoding.base16()
                .lowerCase()
                .decode(vector.get("dataHex").textValue())
            : bytes(Vectors.text(vector.get("data")));

    EventTypeSources sources =
        EventTypeSources.parse(vector.path("eventTypeFrom").asText(EventTypeSources.DEFAULT_TEXT));
    byte[] sent = vector.path("gzip").asBoolean(false) ? gzip(data) : data;

    Decoded decoded = EventDecoder.decode(sent, attributes(vector, Map.of()), sources);

    String rejected = decoded.rejection() == null ? null : decoded.rejection().code().toString();
    assertEquals(wanted.path("rejected").textValue(), rejected);
    if (rejected != null) {
      return;
    }
    Event event = decoded.event();
    assertEquals(wanted.get("eventType").textValue(), event.eventType());
    if (wanted.has("attributes")) {
      assertEquals(
          Canonical.json(wanted.get("attributes").textValue()),
          Canonical.json(event.attributesJson()));
    }
    if (wanted.has("event")) {
      assertEquals(Canonical.json(Vectors.text(wanted.get("event"))), Canonical.json(event.root()));
    }
  }

  private static byte[] gzip(byte[] data) {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
      out.write(data);
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
    return packed.toByteArray();
  }

  private static void checkSources(JsonNode vector) {
    String setting = vector.get("setting").textValue();
    JsonNode wanted = vector.get("expect");
    if (wanted.isTextual()) {
      assertThrows(IllegalArgumentException.class, () -> EventTypeSources.parse(setting));
      return;
    }
    List<EventTypeSource> sources =
        Vectors.stream(wanted.get("sources")).map(ContractTest::source).toList();
    assertEquals(sources, EventTypeSources.parse(setting).sources());
  }

  private static EventTypeSource source(JsonNode source) {
    if (source.has("field")) {
      return new EventTypeSource.Field(
          Vectors.stream(source.get("field")).map(JsonNode::textValue).toList());
    }
    if (source.has("attribute")) {
      return new EventTypeSource.Attribute(source.get("attribute").textValue());
    }
    return source.has("constant")
        ? new EventTypeSource.Constant(source.get("constant").textValue())
        : new EventTypeSource.CloudEvent();
  }

  private static void checkRoute(JsonNode vector) {
    Map<String, String> routes = new LinkedHashMap<>();
    vector
        .path("routes")
        .fields()
        .forEachRemaining(r -> routes.put(r.getKey(), r.getValue().textValue()));

    assertEquals(
        vector.get("expect").textValue(),
        new EventRouter(routes).route(vector.get("eventType").textValue()));
  }

  private static void checkType(JsonNode vector) {
    List<Event> events =
        Vectors.stream(vector.get("values"))
            .map(value -> event("{\"v\":" + Vectors.text(value) + "}"))
            .toList();
    JsonNode wanted = vector.get("expect");
    List<Column> columns = new ArrayList<>();
    if (!wanted.isNull()) {
      columns.add(
          new Column(
              "v",
              ColumnType.valueOf(wanted.get("type").textValue()),
              ColumnMode.valueOf(wanted.path("mode").asText("NULLABLE")),
              "",
              Vectors.columns(wanted.path("columns"))));
    }

    for (List<Event> ordered : List.of(events, ImmutableList.copyOf(events).reverse())) {
      assertEquals(
          Canonical.columns(columns, false),
          Canonical.columns(ownColumns(plan(EMPTY, ordered).schema()), false));
    }
    events.forEach(event -> checkPromises(EMPTY, event));
    if (vector.has("overflow")) {
      assertEquals(
          Canonical.expectedOverflow(vector.get("overflow")),
          Canonical.overflow(fit(events.get(0), EMPTY).overflow()));
    }
  }

  private static void checkNames(JsonNode vector) {
    TableSchema before = Vectors.schema(vector.get("schema"));
    Event event = event(Vectors.text(vector.get("event")));
    TableSchema after = plan(before, List.of(event)).schema();

    CompiledRecord root = CompiledSchema.compile(after).root();
    Map<String, Object> names = new TreeMap<>();
    Map<String, Object> wanted = new TreeMap<>();
    vector
        .get("expect")
        .fields()
        .forEachRemaining(
            entry -> {
              CompiledColumn column = root.columnOfKey(entry.getKey());
              String name = column == null ? "" : column.name();
              names.put(entry.getKey(), List.of(name, descriptionOf(after, name)));
              JsonNode expected = entry.getValue();
              wanted.put(
                  entry.getKey(),
                  List.of(
                      expected.get("name").textValue(), expected.path("description").asText("")));
            });

    assertEquals(wanted, names);
    checkPromises(before, event);
  }

  private static String descriptionOf(TableSchema schema, String name) {
    return schema.columns().stream()
        .filter(column -> column.name().equals(name))
        .map(Column::description)
        .findFirst()
        .orElse("");
  }

  private static void checkFit(JsonNode vector) {
    TableSchema schema = Vectors.schema(vector.get("schema"));
    CompiledSchema compiled = CompiledSchema.compile(schema);
    Event event = event(Vectors.text(vector.get("event")));
    boolean isWaitOver = "over".equals(vector.path("wait").asText());
    JsonNode wanted = vector.get("expect");

    Fitted fitted = Fitter.fit(event, compiled, new FitOptions(isWaitOver));

    if (wanted.has("row")) {
      assertEquals(
          Canonical.expectedRow(wanted.get("row"), compiled.root()), Canonical.row(fitted.row()));
    }
    if (wanted.has("overflow")) {
      assertEquals(
          Canonical.expectedOverflow(wanted.get("overflow")),
          Canonical.overflow(fitted.overflow()));
    }
    if (wanted.has("pending")) {
      assertEquals(
          changes(wanted.get("pending")),
          Set.copyOf(SchemaPlan.of(schema, List.of(fitted.pending())).changes()));
    }
    checkPromises(schema, event);
  }

  private static void checkPlan(JsonNode vector) {
    TableSchema schema = Vectors.schema(vector.get("schema"));
    List<Event> events =
        Vectors.stream(vector.get("events")).map(text -> event(Vectors.text(text))).toList();
    JsonNode wanted = vector.get("expect");

    SchemaPlan.Result planned = plan(schema, events);

    if (wanted.has("changes")) {
      assertEquals(changes(wanted.get("changes")), Set.copyOf(planned.changes()));
    }
    if (wanted.has("columns")) {
      assertEquals(Vectors.columns(wanted.get("columns")), ownColumns(planned.schema()));
    }
    if (wanted.has("closed")) {
      assertEquals(wanted.get("closed").booleanValue(), planned.schema().closed());
    }
    for (JsonNode type : wanted.path("types")) {
      Column column = columnAt(planned.schema().columns(), type.get("path"), 0);
      assertEquals(type.get("type").textValue(), column.type().toString());
      assertEquals(type.get("mode").textValue(), column.mode().toString());
    }
    for (Event event : events) {
      assertEquals(List.of(), fit(event, planned.schema()).pending());
      checkPromises(schema, event);
    }
  }

  private static Column columnAt(List<Column> columns, JsonNode path, int at) {
    Column column =
        columns.stream()
            .filter(candidate -> candidate.name().equals(path.get(at).textValue()))
            .findFirst()
            .orElseThrow();
    return at + 1 == path.size() ? column : columnAt(column.columns(), path, at + 1);
  }

  private static void checkRebuild(JsonNode vector) {
    TableSchema schema = Vectors.schema(vector.get("schema"));
    Event event = event(Vectors.text(vector.get("event")));
    Map<String, Object> wanted = new TreeMap<>();
    vector
        .get("expect")
        .fields()
        .forEachRemaining(
            leaf -> wanted.put(leaf.getKey(), Canonical.json(leaf.getValue().textValue())));

    Fitted fitted =
        Fitter.fit(event, CompiledSchema.compile(schema), FitOptions.PENDING_TO_OVERFLOW);

    assertEquals(
        Explanation.withoutSpelling(wanted),
        Explanation.withoutSpelling(Explanation.ofFitted(event, fitted)));
    checkPromises(schema, event);
  }

  private static void checkRow(JsonNode vector) {
    TableSchema schema = Vectors.schema(vector.get("schema"));
    CompiledSchema compiled = CompiledSchema.compile(schema);
    Event event = event(Vectors.text(vector.get("event")), attributes(vector, ATTRIBUTES));
    JsonNode message = vector.get("message");
    MessageMeta meta =
        new MessageMeta(
            message.get("messageId").textValue(),
            Instant.parse(message.get("publishTime").textValue()));
    JsonNode wanted = vector.get("expect");

    BuiltRow built =
        RowBuilder.build(
            meta,
            event,
            Fitter.fit(event, compiled, FitOptions.PENDING_TO_OVERFLOW),
            Instant.parse(vector.get("ingestTime").textValue()));

    String outcome = built.rejection() == null ? "accepted" : built.rejection().code().toString();
    assertEquals(wanted.path("rejected").asText("accepted"), outcome);
    if (wanted.has("row")) {
      checkWholeRow(wanted.get("row"), built.row());
    }
  }

  private static void checkWholeRow(JsonNode wanted, Row row) {
    Map<String, Object> expected = new TreeMap<>();
    com.fasterxml.jackson.databind.node.ObjectNode own = wanted.deepCopy();
    for (PipelineColumn column : PipelineColumn.values()) {
      JsonNode value = own.remove(column.columnName());
      if (value != null) {
        expected.put(
            column.columnName(),
            switch (column.type()) {
              case TIMESTAMP -> DateText.read(value.textValue()).value();
              case JSON -> Canonical.json(value.textValue());
              default -> value.textValue();
            });
      }
    }
    Map<String, Object> actual = new TreeMap<>();
    actual.put("_message_id", row.messageId());
    actual.put("_publish_time", row.publishTimeMicros());
    actual.put("_event_type", row.eventType());
    actual.put("_ingest_time", row.ingestTimeMicros());
    actual.put("_attributes", Canonical.json(row.attributesJson()));
    if (row.overflowJson() != null) {
      actual.put("_overflow", Canonical.json(row.overflowJson()));
    }

    assertEquals(expected, actual);
    assertEquals(Canonical.expectedRow(own, row.event().record()), Canonical.row(row.event()));
  }

  /**
   * Checks two promises of every case: a plan leaves nothing pending, and row and overflow rebuild
   * the event.
   */
  private static void checkPromises(TableSchema schema, Event event) {
    TableSchema after = plan(schema, List.of(event)).schema();
    Fitted settled = fit(event, after);
    assertEquals(List.of(), settled.pending());

    Fitted late = Fitter.fit(event, CompiledSchema.compile(schema), FitOptions.PENDING_TO_OVERFLOW);
    if (settled.isTruncated() || late.isTruncated()) {
      return;
    }
    Map<String, Object> leaves = Explanation.withoutSpelling(Explanation.ofEvent(event));
    for (Fitted fitted : List.of(settled, late)) {
      Map<String, Object> rebuilt =
          Explanation.withoutSpelling(Explanation.ofFitted(event, fitted));
      assertEquals(Explanation.withNumbersAsText(leaves, rebuilt), rebuilt);
    }
  }

  private static Set<PlannedChange> changes(JsonNode changes) {
    Set<PlannedChange> expected = new HashSet<>();
    for (JsonNode change : changes) {
      String kind = change.get("kind").textValue();
      List<String> path = Vectors.stream(change.get("path")).map(JsonNode::textValue).toList();
      expected.add(
          switch (kind) {
            case "ADD_COLUMN" -> PlannedChange.add(path, addedColumn(change, path));
            case "WIDEN" ->
                PlannedChange.widen(
                    path,
                    ColumnType.valueOf(change.get("from").textValue()),
                    ColumnType.valueOf(change.get("to").textValue()));
            default -> PlannedChange.patch(kind, path);
          });
      assertEquals("WIDEN".equals(kind) ? "ddl" : "patch", change.get("via").textValue());
    }
    assertEquals(changes.size(), expected.size());
    return expected;
  }

  private static Column addedColumn(JsonNode change, List<String> path) {
    return new Column(
        path.get(path.size() - 1),
        ColumnType.valueOf(change.get("type").textValue()),
        ColumnMode.valueOf(change.get("mode").textValue()),
        change.path("description").asText(""),
        Vectors.columns(change.path("columns")));
  }

  private static SchemaPlan.Result plan(TableSchema schema, List<Event> events) {
    CompiledSchema compiled = CompiledSchema.compile(schema);
    return SchemaPlan.of(
        schema,
        events.stream()
            .map(event -> Fitter.fit(event, compiled, FitOptions.LIST_PENDING).pending())
            .toList());
  }

  private static Fitted fit(Event event, TableSchema schema) {
    return Fitter.fit(event, CompiledSchema.compile(schema), FitOptions.LIST_PENDING);
  }

  private static List<Column> ownColumns(TableSchema schema) {
    List<Column> columns = schema.columns();
    return columns.subList(PipelineColumn.values().length, columns.size());
  }

  private static Map<String, String> attributes(JsonNode vector, Map<String, String> absent) {
    if (!vector.has("attributes")) {
      return absent;
    }
    Map<String, String> attributes = new LinkedHashMap<>();
    vector
        .get("attributes")
        .fields()
        .forEachRemaining(
            attribute -> attributes.put(attribute.getKey(), attribute.getValue().textValue()));
    return attributes;
  }

  private static Event event(String text) {
    return event(text, ATTRIBUTES);
  }

  private static Event event(String text, Map<String, String> attributes) {
    Decoded decoded = EventDecoder.decode(bytes(text), attributes);
    assertTrue(decoded.rejection() == null, () -> "rejected: " + decoded.rejection());
    return decoded.event();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
