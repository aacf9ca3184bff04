package io.pipeline.dataflow.schema;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Bytes that match and bytes that do not. Their rows are compared in {@link WrittenRowTest}. */
class RowMatchTest {
  private static final Column POINT =
      new Column(
          "point",
          ColumnType.RECORD,
          ColumnMode.REPEATED,
          "",
          List.of(
              new Column("x", ColumnType.FLOAT64, ColumnMode.REQUIRED, "", List.of()),
              Column.of("y", ColumnType.FLOAT64)));
  private static final TableSchema TABLE =
      new TableSchema(
          List.of(
              Column.of("s", ColumnType.STRING),
              Column.of("i", ColumnType.INT64),
              Column.of("f", ColumnType.FLOAT64),
              Column.of("d", ColumnType.NUMERIC),
              Column.of("b", ColumnType.BOOL),
              Column.of("at", ColumnType.TIMESTAMP),
              Column.of("day", ColumnType.DATE),
              Column.of("any", ColumnType.JSON),
              new Column("tags", ColumnType.STRING, ColumnMode.REPEATED, "", List.of()),
              POINT),
          false);

  private final RowMatch match = new RowMatch();

  private WrittenFields match(String text, TableSchema table) {
    return match.match(text.getBytes(StandardCharsets.UTF_8), CompiledSchema.compile(table));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        " { \"s\" : \"x\" , \"i\" : 1 }\r\n",
        "{\"i\":1,\"s\":\"any order\"}",
        "{\"s\":\"\\u00e9\\n\\\"\\/ é 😀\"}",
        "{\"s\":null,\"any\":null,\"point\":null}",
        "{\"i\":-99999999999999999,\"d\":0.00,\"f\":0.0}",
        "{\"f\":99999999999999.9,\"d\":-12.50}",
        "{\"b\":true,\"at\":\"2024-01-15T10:30:00.5+02:00\",\"day\":\"2024-02-29\"}",
        "{\"tags\":[],\"point\":[]}",
        "{\"tags\":[ \"a\" , \"b\" ],\"point\":[{\"x\":1},{\"x\":2,\"y\":null}]}"
      })
  void matches(String text) {
    assertNotNull(match(text, TABLE));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        // Duplicate keys, also beyond a nested object.
        "{\"s\":\"x\",\"s\":\"x\"}",
        "{\"s\":null,\"i\":1,\"s\":null}",
        "{\"i\":1,\"point\":[{\"x\":1}],\"i\":1}",
        "{\"point\":[{\"x\":1,\"x\":1}]}",
        "{\"s\":\"x\",\"\\u0073\":\"x\"}",
        // Numbers that lose a digit, or are another number than their digits.
        "{\"i\":9223372036854775808}",
        "{\"i\":1.5}",
        "{\"i\":-0}",
        "{\"i\":1e3}",
        "{\"f\":9007199254740993}",
        "{\"f\":0.30000000000000004}",
        "{\"d\":0.0000000001}",
        "{\"d\":1E2}",
        // Not JSON.
        "",
        "{",
        "{\"s\":\"x\"",
        "{\"s\":\"x\"}}",
        "{\"s\":\"x\"} 1",
        "{\"s\":\"x\",}",
        "{\"s\" \"x\"}",
        "{s:\"x\"}",
        "{\"s\":\"x",
        "{\"s\":\"\u0000\"}",
        "{\"s\":\"\\x\"}",
        "{\"s\":\"\\u00g0\"}",
        "{\"i\":01}",
        "{\"i\":1a}",
        "{\"i\":-}",
        "{\"f\":1.}",
        "{\"b\":tru}",
        "{\"b\":falsE}",
        "{\"s\":nulL}",
        "{\"s\":null1}",
        "{\"tags\":[\"a\",]}",
        "{\"tags\":[\"a\"",
        "[]",
        // Half a surrogate pair.
        "{\"s\":\"\\ud83d\"}",
        "{\"s\":\"\\ud83d\\ude00\"}",
        // Values that do not fit, or that the parser handles.
        "{\"s\":1}",
        "{\"b\":1}",
        "{\"at\":\"2024-01-15\"}",
        "{\"at\":\"0000-01-01T00:00:00Z\"}",
        "{\"day\":\"2023-02-29\"}",
        "{\"any\":1}",
        "{\"tags\":\"a\"}",
        "{\"tags\":[null]}",
        "{\"tags\":[\"a\",1]}",
        "{\"point\":{\"x\":1}}",
        "{\"point\":[{}]}",
        "{\"point\":[{\"x\":null}]}",
        "{\"point\":[null]}",
        "{\"unknown\":1}",
        "{\"S\":\"x\"}",
        "{\"_message_id\":\"x\"}"
      })
  void leavesToTheParser(String text) {
    assertNull(match(text, TABLE));
  }

  @Test
  void leavesLargeEventsToTheParser() {
    String padding = " ".repeat(RowMatch.MAX_BYTES - 2);

    assertNotNull(match("{" + padding + "}", TABLE));
    assertNull(match("{ " + padding + "}", TABLE));
  }

  /** The root and each record are one level of brackets. */
  @Test
  void leavesTooDeepEventsToTheParser() {
    for (int levels : List.of(99, 100)) {
      List<Column> columns = List.of(Column.of("a", ColumnType.INT64));
      for (int i = 0; i < levels; i++) {
        columns = List.of(new Column("a", ColumnType.RECORD, ColumnMode.NULLABLE, "", columns));
      }
      String text = "{\"a\":".repeat(levels + 1) + "1" + "}".repeat(levels + 1);

      assertEquals(levels == 99, match(text, new TableSchema(columns, false)) != null);
    }
  }

  /** Whatever the order of keys, and whatever their hashes. */
  @Test
  void findsEveryKeyOfAWideTable() {
    List<Column> columns = new ArrayList<>();
    for (int i = 0; i < 2_000; i++) {
      columns.add(Column.of("key_" + i * 7_919, ColumnType.INT64));
    }
    String text =
        IntStream.range(0, 2_000)
            .mapToObj(i -> "\"key_" + (1_999 - i) * 7_919 + "\":" + i)
            .collect(Collectors.joining(",", "{", "}"));
    TableSchema table = new TableSchema(columns, false);

    assertNotNull(match(text, table));
    assertNull(match(text.replace("key_0\"", "key_7919\""), table));
  }

  @Test
  void keepsNothingOfTheEventBefore() {
    match("{\"s\":\"" + "x".repeat(300_000) + "\"", TABLE);

    assertEquals(0, match("{\"s\":null,\"tags\":[]}", TABLE).size());
  }
}
