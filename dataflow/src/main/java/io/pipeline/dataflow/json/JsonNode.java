package io.pipeline.dataflow.json;

import java.math.BigDecimal;

/**
 * A JSON value with nothing lost: number literals and keys in order.
 *
 * <p>Facts that several rules ask for are collected once, while reading, so that no rule walks a
 * tree again.
 */
public abstract sealed class JsonNode {
  static final int HAS_SCALAR = 1;
  static final int NOT_UNICODE = 2;
  static final int NOT_JSON_EXACT = 4;

  /** JSON's kinds of values. */
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

  /** Is there a boolean, number or string in it? */
  public final boolean hasScalar() {
    return (facts & HAS_SCALAR) != 0;
  }

  /** Is every string in it free of unpaired surrogates? */
  public final boolean isUnicode() {
    return (facts & NOT_UNICODE) == 0;
  }

  /** Would BigQuery's JSON type keep every number in it? */
  public final boolean isJsonExact() {
    return (facts & NOT_JSON_EXACT) == 0;
  }

  /** Would BigQuery's JSON type keep the value as it is? */
  public final boolean isKeptByJson() {
    return (facts & (NOT_UNICODE | NOT_JSON_EXACT)) == 0;
  }

  /** Offset of its first byte in the source; −1 unless it was read with places. */
  public final int start() {
    return start;
  }

  /** Offset after its last byte. */
  public final int end() {
    return end;
  }

  final void place(int from, int to) {
    start = from;
    end = to;
  }

  /** {@code null}. */
  public static final class Null extends JsonNode {
    Null() {
      super(Kind.NULL, 0);
    }
  }

  /** {@code true} or {@code false}. */
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

  /** A string, unescaped. */
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

  /** An array. */
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

  /** An object: keys as they came, in their order. */
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

    /** The member of that key, or null where there is none. */
    public JsonNode get(String key) {
      for (int i = 0; i < keys.length; i++) {
        if (keys[i].equals(key)) {
          return values[i];
        }
      }
      return null;
    }
  }

  /**
   * A number: its literal, and where it has at most 18 digits and no exponent, also {@code
   * unscaled} × 10^−{@code scale}.
   */
  public static final class Num extends JsonNode {
    private final String literal;
    private final long unscaled;
    private final int scale;

    private Num(String literal, long unscaled, int scale, int facts) {
      super(Kind.NUMBER, facts);
      this.literal = literal;
      this.unscaled = unscaled;
      this.scale = scale;
    }

    static Num small(long unscaled, int scale) {
      return new Num(null, unscaled, scale, HAS_SCALAR);
    }

    static Num of(String literal, boolean isJsonExact) {
      return new Num(literal, 0, 0, isJsonExact ? HAS_SCALAR : HAS_SCALAR | NOT_JSON_EXACT);
    }

    /** Is it {@code unscaled} × 10^−{@code scale}, as written? */
    public boolean isSmall() {
      return literal == null;
    }

    public long unscaled() {
      return unscaled;
    }

    public int scale() {
      return scale;
    }

    /** As the source has it. */
    public String literal() {
      if (literal != null) {
        return literal;
      }
      return scale == 0
          ? Long.toString(unscaled)
          : BigDecimal.valueOf(unscaled, scale).toPlainString();
    }
  }
}
