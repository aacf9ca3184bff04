package io.pipeline.dataflow.schema;

import com.google.common.hash.Hashing;
import io.pipeline.dataflow.json.JsonWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/**
 * A random table and random events for it: most values fit, some do not, and some events are not
 * even JSON.
 */
final class RandomTable {
  private static final int MAX_DEPTH = 3;
  private static final int MAX_COLUMNS = 9;

  private static final List<String> NUMBERS =
      List.of(
          "0",
          "-0",
          "5",
          "-7",
          "128",
          "1000000",
          "123456789012345678",
          "-12345678901234567",
          "-123456789012345678",
          "999999999999999999",
          "1234567890123456789",
          "9223372036854775807",
          "9223372036854775808",
          "-9223372036854775808",
          "0.0",
          "-0.0",
          "0.50",
          "12.5",
          "-12.50",
          "0.000000001",
          "0.0000000001",
          "123456789.123456789",
          "12345678.123456789",
          "99999999999999.9",
          "999999999999999.9",
          "0.1",
          "1.005",
          "9007199254740993",
          "100000000000000.5",
          "1e3",
          "1.5E-3",
          "1e400",
          "1.0",
          "3.0e0",
          "12345678901234567890123456789.123456789",
          "4.9e-324",
          "0.30000000000000004");
  private static final List<String> NOT_NUMBERS =
      List.of("01", "-", "1.", ".5", "+1", "1e", "00", "--1", "1.2.3", "0x1", "NaN", "1_0", "-01");
  private static final List<String> DATES =
      List.of(
          "2024-02-29",
          "2023-02-29",
          "0001-01-01",
          "0000-01-01",
          "9999-12-31",
          "1969-12-31",
          "2024-13-01",
          "2024-1-01",
          "2024-01-15T10:30:00Z",
          "2024-01-15T10:30:00.123456Z",
          "2024-01-15T10:30:00.1Z",
          "2024-01-15T10:30:00.123456000Z",
          "2024-01-15T10:30:00.1234567Z",
          "2024-01-15T10:30:00+02:00",
          "2024-01-15T10:30:00-23:59",
          "2024-01-15T10:30:00+24:00",
          "0001-01-01T00:00:00+01:00",
          "9999-12-31T23:59:59-01:00",
          "2024-01-15T10:30:00",
          "2024-01-15T10:30:00.5",
          "2024-01-15T24:00:00",
          "2024-01-15 10:30:00",
          "2024-01-15T10:30:60Z",
          "2024-01-15t10:30:00Z",
          "1684-01-01T00:00:00Z",
          "2024-01-15T10:30:00.Z",
          "2024-01-15T10:30:00é",
          "2024-01-1é",
          "2024-01-15T10:30",
          "");
  private static final List<String> KEYS =
      List.of(
          "a",
          "b",
          "id",
          "name",
          "amount",
          "event_date",
          "eight_by",
          "nine_byte",
          "sixteen_bytes_xy",
          "a_key_of_more_than_sixteen_bytes",
          "Größe",
          "with space",
          "😀",
          "a/b",
          "del\u007f",
          "1",
          "",
          "A",
          "data",
          "quo\"te",
          "back\\slash",
          "tab\t");

  private final Random random;
  private final List<Field> fields;
  private final TableSchema schema;

  /** Half of the tables have only columns that are compared, half of the events only values. */
  private boolean isStrange;

  private record Field(Column column, String key, List<Field> fields) {}

  RandomTable(long seed) {
    // Generators of consecutive seeds begin with equal bits.
    random = new Random(seed * 0x9E3779B97F4A7C15L);
    isStrange = random.nextBoolean();
    fields = fields(0);
    List<Column> columns = new ArrayList<>(Vectors.pipelineColumns());
    columns.addAll(columnsOf(fields));
    if (!oneIn(6)) {
      columns.add(Column.of("event_type", ColumnType.STRING));
    }
    if (random.nextInt(8) == 0) {
      Collections.shuffle(columns, random);
    }
    schema = new TableSchema(columns, random.nextInt(8) == 0);
  }

  TableSchema schema() {
    return schema;
  }

  /** Small enough in some tables that rows exceed it. */
  Limits limits() {
    Limits usual = Limits.DEFAULT;
    return new Limits(
        usual.maxRecordChildren(),
        usual.maxLeafColumns(),
        usual.maxRecordDepth(),
        usual.maxNewObjectKeys(),
        usual.maxNewColumns(),
        random.nextInt(10) == 0 ? 500 + random.nextInt(1_000) : usual.maxRowBytes());
  }

  private static List<Column> columnsOf(List<Field> fields) {
    return fields.stream().map(Field::column).toList();
  }

  private boolean oneIn(int count) {
    return random.nextInt(count) == 0;
  }

  private boolean strangelyOneIn(int count) {
    return isStrange && oneIn(count);
  }

  private <T> T pick(List<T> values) {
    return values.get(random.nextInt(values.size()));
  }

  private List<Field> fields(int depth) {
    List<String> keys = new ArrayList<>(KEYS.subList(0, KEYS.size() - (isStrange ? 0 : 3)));
    Collections.shuffle(keys, random);
    int count = depth == 0 && oneIn(40) ? 80 : 1 + random.nextInt(MAX_COLUMNS);
    List<Field> made = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      made.add(field(i < keys.size() ? keys.get(i) : "many_" + i, i, depth));
    }
    return made;
  }

  private Field field(String key, int index, int depth) {
    ColumnType type = strangelyOneIn(12) ? pick(List.of(ColumnType.values())) : usualType(depth);
    if (type == ColumnType.RECORD && depth >= MAX_DEPTH) {
      type = ColumnType.STRING;
    }
    List<Field> inside = type == ColumnType.RECORD ? fields(depth + 1) : List.of();
    ColumnMode mode =
        strangelyOneIn(12)
            ? ColumnMode.REQUIRED
            : oneIn(4) ? ColumnMode.REPEATED : ColumnMode.NULLABLE;
    TypeParameters parameters = strangelyOneIn(30) ? parametersOf(type) : null;
    boolean isNamedByKey = key.matches("[a-z_]+") && !oneIn(6);
    String name = isNamedByKey ? key : "column_" + index;
    String description = isNamedByKey ? "" : note(key);
    return new Field(
        new Column(name, type, mode, description, columnsOf(inside), parameters), key, inside);
  }

  private ColumnType usualType(int depth) {
    List<ColumnType> types =
        List.of(
            ColumnType.STRING,
            ColumnType.STRING,
            ColumnType.INT64,
            ColumnType.FLOAT64,
            ColumnType.NUMERIC,
            ColumnType.BIGNUMERIC,
            ColumnType.BOOL,
            ColumnType.DATE,
            ColumnType.DATETIME,
            ColumnType.TIMESTAMP,
            ColumnType.RECORD);
    return pick(types.subList(0, depth < MAX_DEPTH ? types.size() : types.size() - 1));
  }

  private static TypeParameters parametersOf(ColumnType type) {
    return switch (type) {
      case STRING -> TypeParameters.of(3, null, null);
      case NUMERIC -> TypeParameters.of(null, 5, 2);
      default -> null;
    };
  }

  private String note(String key) {
    String flag =
        strangelyOneIn(10) ? ",\"retired\":true" : oneIn(10) ? ",\"numbersAsText\":true" : "";
    String named =
        strangelyOneIn(12)
            ? "\"keySha256\":\"" + Hashing.sha256().hashString(key, StandardCharsets.UTF_8) + "\""
            : "\"key\":" + JsonWriter.quote(key);
    return "pipeline:{" + named + flag + "}";
  }

  /** The bytes of one event. */
  byte[] event() {
    isStrange = random.nextBoolean();
    StringBuilder text = new StringBuilder();
    List<String> members = members(fields, 8);
    if (!oneIn(4)) {
      members.add(oneIn(4) ? random.nextInt(members.size() + 1) : 0, member("event_type", type()));
    }
    String space = oneIn(6) ? pick(List.of(" ", "\n", "\t \r", "  ")) : "";
    text.append(space).append(object(members, space)).append(space);
    byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
    return strangelyOneIn(20) ? damaged(bytes) : bytes;
  }

  private String type() {
    return strangelyOneIn(30)
        ? pick(List.of("7", "null", "\"\"", "\"\\u0061\"", "\"-\""))
        : "\"typ-é 1\"";
  }

  private byte[] damaged(byte[] bytes) {
    byte[] changed = bytes.clone();
    int at = random.nextInt(changed.length);
    switch (random.nextInt(4)) {
      case 0 -> changed[at] = (byte) random.nextInt(256);
      case 1 ->
          changed[at] =
              (byte) pick(List.of('"', '\\', ',', ':', '{', '}', '[', ']', ' ')).charValue();
      case 2 -> changed = Arrays.copyOf(changed, at);
      default -> System.arraycopy(bytes, 0, changed, Math.min(at, 1), bytes.length - 1);
    }
    return changed;
  }

  /** {@code oddity}: one member in so many does not fit. */
  private List<String> members(List<Field> of, int oddity) {
    List<Field> present = new ArrayList<>(of);
    if (oneIn(4)) {
      Collections.shuffle(present, random);
    }
    List<String> members = new ArrayList<>();
    boolean mayLack = oneIn(2);
    for (Field field : present) {
      if (!mayLack || !oneIn(6)) {
        members.add(member(field.key, oneIn(8) ? "null" : value(field, oddity)));
      }
    }
    if (strangelyOneIn(30)) {
      members.add(member(pick(KEYS), oneIn(2) ? "null" : scalar(ColumnType.INT64)));
    }
    if (strangelyOneIn(60) && !members.isEmpty()) {
      members.add(pick(members));
    }
    return members;
  }

  private String member(String key, String value) {
    return text(key) + (oneIn(20) ? " : " : ":") + value;
  }

  private static String object(List<String> members, String space) {
    return "{" + space + String.join(space + "," + space, members) + space + "}";
  }

  private String value(Field field, int oddity) {
    ColumnType type = field.column.type();
    if (strangelyOneIn(oddity * 12)) {
      return odd();
    }
    if (field.column.mode() != ColumnMode.REPEATED) {
      return one(field, type, oddity);
    }
    List<String> elements = new ArrayList<>();
    for (int i = random.nextInt(4); i > 0; i--) {
      elements.add(strangelyOneIn(60) ? "null" : one(field, type, oddity));
    }
    return "[" + String.join(oneIn(8) ? " , " : ",", elements) + "]";
  }

  private String one(Field field, ColumnType type, int oddity) {
    return type == ColumnType.RECORD
        ? object(oneIn(12) ? List.of() : members(field.fields, oddity), oneIn(20) ? " " : "")
        : scalar(type);
  }

  private String odd() {
    return pick(
        List.of(
            scalar(pick(List.of(ColumnType.values()))),
            "[]",
            "{}",
            "[[]]",
            "[{}]",
            "[null]",
            "[1]",
            "{\"a\":1}",
            "true",
            "tru",
            "nul",
            pick(NOT_NUMBERS),
            "\"\\ud83d\"",
            "\"\\x\"",
            "\"\u0001\""));
  }

  private String scalar(ColumnType type) {
    return switch (type) {
      case INT64 ->
          strangelyOneIn(30)
              ? pick(NUMBERS)
              : Long.toString(random.nextLong() >> (8 + random.nextInt(55)));
      case FLOAT64, NUMERIC, BIGNUMERIC -> strangelyOneIn(20) ? pick(NUMBERS) : decimal();
      case BOOL -> random.nextBoolean() ? "true" : "false";
      case DATE, DATETIME, TIMESTAMP ->
          "\"" + (strangelyOneIn(25) ? pick(DATES) : date(type)) + "\"";
      case JSON -> pick(List.of("1", "\"x\"", "{\"b\":[1,2.5,null]}", "[]", "1e2"));
      default -> text(words());
    };
  }

  private String decimal() {
    String digits = Integer.toString(random.nextInt(2_000_000));
    int scale = random.nextInt(10);
    String sign = oneIn(4) ? "-" : "";
    return scale == 0 || digits.equals("0")
        ? (digits.equals("0") ? "" : sign) + digits
        : sign
            + digits
            + "."
            + "%09d".formatted(random.nextInt(1_000_000_000)).substring(9 - scale);
  }

  private String date(ColumnType type) {
    String day =
        "%04d-%02d-%02d"
            .formatted(1 + random.nextInt(9_999), 1 + random.nextInt(12), 1 + random.nextInt(30));
    String time =
        "T%02d:%02d:%02d".formatted(random.nextInt(24), random.nextInt(60), random.nextInt(60));
    String fraction = oneIn(3) ? "." + random.nextInt(1_000_000) : "";
    String zone = oneIn(4) ? "%+03d:30".formatted(random.nextInt(40) - 20) : "Z";
    return switch (type) {
      case DATE -> day;
      case DATETIME -> day + time + fraction;
      default -> day + time + fraction + zone;
    };
  }

  private String words() {
    if (oneIn(40)) {
      return "long ".repeat(20 + random.nextInt(60)) + (oneIn(30) ? "x".repeat(20_000) : "");
    }
    int length = random.nextInt(24);
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < length; i++) {
      text.append(
          oneIn(40)
              ? pick(
                  List.of(
                      "é", "😀", "\"", "\\", "\n", "\t", "\u0000", "\u007f", "\u2028", "/", "ÿ"))
              : (char) (' ' + random.nextInt(95)));
    }
    return text.toString();
  }

  /** The text in quotes, now and then with an escape for a character that needs none. */
  private String text(String value) {
    String quoted = JsonWriter.quote(value);
    if (!strangelyOneIn(60) || value.isEmpty() || Character.isSurrogate(value.charAt(0))) {
      return quoted;
    }
    return "\"\\u%04x".formatted((int) value.charAt(0))
        + JsonWriter.quote(value.substring(1)).substring(1);
  }
}
