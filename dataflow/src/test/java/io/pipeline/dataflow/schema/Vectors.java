package io.pipeline.dataflow.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** Reads test/contracts; its README documents the fields. */
final class Vectors {
  private static final Path DIRECTORY = Path.of("..", "test", "contracts");

  private Vectors() {}

  /** Returns every file about the engine: {@code suite}, {@code about}, {@code cases}. */
  static List<JsonNode> suites() {
    ObjectMapper mapper = new ObjectMapper();
    try (Stream<Path> files = Files.list(DIRECTORY)) {
      List<JsonNode> suites = new ArrayList<>();
      for (Path file : files.filter(path -> path.toString().endsWith(".json")).sorted().toList()) {
        JsonNode content = mapper.readTree(file.toFile());
        if (content.has("suite")) {
          suites.add(content);
        }
      }
      return suites;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns a text, given whole or in pieces. */
  static String text(JsonNode text) {
    if (text.isTextual()) {
      return text.textValue();
    }
    return stream(text).map(Vectors::piece).collect(Collectors.joining());
  }

  private static String piece(JsonNode piece) {
    if (piece.isTextual()) {
      return piece.textValue();
    }
    if (piece.has("repeat")) {
      return piece.get("repeat").textValue().repeat(piece.get("times").intValue());
    }
    String of = piece.get("of").textValue();
    String separator = piece.has("separator") ? piece.get("separator").textValue() : "";
    return range(piece.get("each"))
        .mapToObj(index -> of.replace("{i}", Integer.toString(index)))
        .collect(Collectors.joining(separator));
  }

  private static IntStream range(JsonNode each) {
    return IntStream.rangeClosed(each.get(0).intValue(), each.get(1).intValue());
  }

  static Stream<JsonNode> stream(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false);
  }

  /** Returns a table: the pipeline's columns and those of the case; {@code schema} may be null. */
  static TableSchema schema(JsonNode schema) {
    List<Column> columns = new ArrayList<>(pipelineColumns());
    if (schema == null) {
      return new TableSchema(columns, false);
    }
    columns.addAll(columns(schema.path("columns")));
    return new TableSchema(
        columns,
        schema.path("closed").asBoolean(false),
        NewTables.CREATE,
        ChangeVerb.ofLabel(schema.path("newColumns").textValue()),
        ChangeVerb.ofLabel(schema.path("typeChanges").textValue()));
  }

  static List<Column> pipelineColumns() {
    return Stream.of(PipelineColumn.values())
        .map(column -> new Column(column.columnName(), column.type(), column.mode(), "", List.of()))
        .toList();
  }

  static List<Column> columns(JsonNode columns) {
    return stream(columns).flatMap(Vectors::expanded).toList();
  }

  private static Stream<Column> expanded(JsonNode entry) {
    if (!entry.has("each")) {
      return Stream.of(column(entry, null));
    }
    return range(entry.get("each"))
        .mapToObj(index -> column(entry.get("column"), Integer.toString(index)));
  }

  private static Column column(JsonNode column, String index) {
    return new Column(
        fill(column.get("name").textValue(), index),
        ColumnType.valueOf(column.get("type").textValue()),
        ColumnMode.valueOf(column.path("mode").asText("NULLABLE")),
        fill(column.path("description").asText(""), index),
        columns(column.path("columns")),
        TypeParameters.of(
            number(column.get("maxLength")),
            number(column.get("precision")),
            number(column.get("scale"))));
  }

  private static Integer number(JsonNode number) {
    return number == null ? null : number.intValue();
  }

  private static String fill(String text, String index) {
    return index == null ? text : text.replace("{i}", index);
  }
}
