package io.pipeline.dataflow.json;

/**
 * A JSON value that keeps number literals and the order of keys.
 *
 * <p>Properties that several rules need are computed once while parsing, so that no rule walks the
 * tree again.
 */
public abstract sealed class JsonNode {
  static final int HAS_SCALAR = 1;
  static final int NOT_UNICODE = 2;
  static final int NOT_JSON_EXACT = 4;

  public enum Kind {
    NULL,
    BOOLEAN,
    NUMBER,
    STRING,
    ARRAY,
    OBJECT
  }

  private final Kind kind;
  final int facts;
  private int start = -1;
  private int end = -1;

  JsonNode(Kind kind, int facts) {
    this.kind = kind;
    this.facts = facts;
  }

  public final Kind kind() {
    return kind;
  }

  /** True if the value is or contains a boolean, number or string. */
  public final boolean hasScalar() {
    return (facts & HAS_SCALAR) != 0;
  }

  /** True if no string in the value has an unpaired surrogate. */
  public final boolean isUnicode() {
    return (facts & NOT_UNICODE) == 0;
  }

  /** True if BigQuery's JSON type keeps every number in the value exactly. */
  public final boolean isJsonExact() {
    return (facts & NOT_JSON_EXACT) == 0;
  }

  /** True if BigQuery's JSON type keeps the value unaltered. */
  public final boolean isKeptByJson() {
    return (facts & (NOT_UNICODE | NOT_JSON_EXACT)) == 0;
  }

  /** Offset of the first byte in the source; −1 if parsed without positions. */
  public final int start() {
    return start;
  }

  /** Offset after the last byte. */
  public final int end() {
    return end;
  }

  final void place(int from, int to) {
    start = from;
    end = to;
  }

  public static final class Null extends JsonNode {
    Null() {
      super(Kind.NULL, 0);
    }
  }

  public static final class Bool extends JsonNode {
    private final boolean value;

    Bool(boolean value) {
      super(Kind.BOOLEAN, HAS_SCALAR);
      this.value = value;
    }

    public boolean value() {
      return value;
    }
  }

  /** An unescaped string. */
  public static final class Text extends JsonNode {
    private final String value;

    Text(String value, boolean isUnicode) {
      super(Kind.STRING, isUnicode ? HAS_SCALAR : HAS_SCALAR | NOT_UNICODE);
      this.value = value;
    }

    public String value() {
      return value;
    }
  }

  public static final class Array extends JsonNode {
    private final JsonNode[] elements;

    Array(JsonNode[] elements, int facts) {
      super(Kind.ARRAY, facts);
      this.elements = elements;
    }

    public int size() {
      return elements.length;
    }

    public JsonNode get(int index) {
      return elements[index];
    }
  }

  /** An object; keys keep their order. */
  public static final class Obj extends JsonNode {
    private final String[] keys;
    private final JsonNode[] values;

    Obj(String[] keys, JsonNode[] values, int facts) {
      super(Kind.OBJECT, facts);
      this.keys = keys;
      this.values = values;
    }

    public int size() {
      return keys.length;
    }

    public String key(int index) {
      return keys[index];
    }

    public JsonNode value(int index) {
      return values[index];
    }

    /** Returns the first member with the key, or null. */
    public JsonNode get(String key) {
      for (int i = 0; i < keys.length; i++) {
        if (keys[i].equals(key)) {
          return values[i];
        }
      }
      return null;
    }

    /**
     * Returns the last member with the key, or null. Differs from {@link #get} only in text whose
     * duplicate keys were not rejected.
     */
    public JsonNode last(String key) {
      for (int i = keys.length - 1; i >= 0; i--) {
        if (keys[i].equals(key)) {
          return values[i];
        }
      }
      return null;
    }
  }

  /**
   * A number, held as its literal or, if short and without exponent, as {@code unscaled} ×
   * 10^−{@code scale}.
   */
  public static final class Num extends JsonNode {
    /** Literals up to this length, sign and point included, fit a long. */
    static final int MAX_SMALL_LENGTH = 18;

    /** A double keeps integers below this exactly. */
    private static final long FIFTEEN_DIGITS = 1_000_000_000_000_000L;

    private static final long[] POWERS_OF_TEN = new long[MAX_SMALL_LENGTH];

    static {
      POWERS_OF_TEN[0] = 1;
      for (int i = 1; i < POWERS_OF_TEN.length; i++) {
        POWERS_OF_TEN[i] = POWERS_OF_TEN[i - 1] * 10;
      }
    }

    private final String literal;
    private final long unscaled;
    private final int scale;

    private Num(String literal, long unscaled, int scale, boolean isJsonExact) {
      super(Kind.NUMBER, isJsonExact ? HAS_SCALAR : HAS_SCALAR | NOT_JSON_EXACT);
      this.literal = literal;
      this.unscaled = unscaled;
      this.scale = scale;
    }

    static Num small(long unscaled, int scale) {
      boolean isSurelyExact = scale == 0 || Math.abs(unscaled) < FIFTEEN_DIGITS;
      return new Num(
          null,
          unscaled,
          scale,
          isSurelyExact || Decimal.parse(textOf(unscaled, scale)).isJsonExact());
    }

    static Num of(String literal) {
      return new Num(literal, 0, 0, Decimal.parse(literal).isJsonExact());
    }

    /** True if held as {@code unscaled} × 10^−{@code scale}. */
    public boolean isSmall() {
      return literal == null;
    }

    public long unscaled() {
      return unscaled;
    }

    /** Digits after the point, as written. */
    public int scale() {
      return scale;
    }

    /** True if the literal has neither point nor exponent. */
    public boolean isInteger() {
      return literal == null
          ? scale == 0
          : literal.chars().allMatch(c -> c == '-' || (c <= '9' && c >= '0'));
    }

    public String literal() {
      return literal == null ? textOf(unscaled, scale) : literal;
    }

    public Decimal decimal() {
      return Decimal.parse(literal());
    }

    private static String textOf(long unscaled, int scale) {
      if (scale == 0) {
        return Long.toString(unscaled);
      }
      long one = POWERS_OF_TEN[scale];
      long digits = Math.abs(unscaled);
      StringBuilder text = new StringBuilder(MAX_SMALL_LENGTH + 1);
      if (unscaled < 0) {
        text.append('-');
      }
      text.append(digits / one);
      int dotAt = text.length();
      // Adding one keeps the leading zeros of the fraction; its digit is then replaced by the
      // point.
      text.append(one + digits % one).setCharAt(dotAt, '.');
      return text.toString();
    }
  }
}
