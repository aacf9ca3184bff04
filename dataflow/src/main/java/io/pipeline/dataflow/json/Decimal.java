package io.pipeline.dataflow.json;

import com.fasterxml.jackson.core.io.schubfach.DoubleToDecimal;

/**
 * An exact decimal number: ±0.DIGITS × 10^point.
 *
 * <p>{@code digits} has no zero at either end and is empty for zero, so equal numbers have equal
 * fields (−0 is 0). Every operation is linear in the length of the literal, whatever the exponent.
 */
public record Decimal(boolean isNegative, String digits, long point) {
  private static final Decimal ZERO = new Decimal(false, "", 0);
  private static final String INT64_MAX_DIGITS = "9223372036854775807";
  private static final String INT64_MIN_DIGITS = "9223372036854775808";
  private static final String UINT64_MAX_DIGITS = "18446744073709551615";

  /** A double is identified by at most this many digits. */
  private static final int MAX_DOUBLE_DIGITS = 17;

  /** Larger exponents are clamped; no number type reaches a millionth of this. */
  private static final long MAX_EXPONENT = 1_000_000_000_000L;

  private static final int MIN_PLAIN_POINT = -5;
  private static final int MAX_PLAIN_POINT = 21;

  /** Reads a well-formed JSON number. */
  public static Decimal parse(String literal) {
    boolean isNegative = literal.charAt(0) == '-';
    int from = isNegative ? 1 : 0;
    int mantissaEnd = from;
    int dotAt = -1;
    for (; mantissaEnd < literal.length(); mantissaEnd++) {
      char c = literal.charAt(mantissaEnd);
      if (c == 'e' || c == 'E') {
        break;
      }
      if (c == '.') {
        dotAt = mantissaEnd;
      }
    }
    String written =
        dotAt < 0
            ? literal.substring(from, mantissaEnd)
            : literal.substring(from, dotAt) + literal.substring(dotAt + 1, mantissaEnd);
    long integerDigits = (long) (dotAt < 0 ? mantissaEnd : dotAt) - from;
    return of(isNegative, written, integerDigits + exponentOf(literal, mantissaEnd));
  }

  private static Decimal of(boolean isNegative, String written, long point) {
    int first = 0;
    while (first < written.length() && written.charAt(first) == '0') {
      first++;
    }
    int last = written.length();
    while (last > first && written.charAt(last - 1) == '0') {
      last--;
    }
    if (first == last) {
      return ZERO;
    }
    return new Decimal(isNegative, written.substring(first, last), point - first);
  }

  private static long exponentOf(String literal, int at) {
    if (at >= literal.length()) {
      return 0;
    }
    boolean isNegative = literal.charAt(at + 1) == '-';
    long exponent = 0;
    for (int i = at + 1; i < literal.length(); i++) {
      char c = literal.charAt(i);
      if (c >= '0') {
        exponent = Math.min(MAX_EXPONENT, exponent * 10 + (c - '0'));
      }
    }
    return isNegative ? -exponent : exponent;
  }

  /** True for an integer by value (1.0 is 1) within 64 bits. */
  public boolean isInt64() {
    if (digits.length() > point || point > INT64_MAX_DIGITS.length()) {
      return digits.isEmpty();
    }
    if (point < INT64_MAX_DIGITS.length()) {
      return true;
    }
    return integerDigits().compareTo(isNegative ? INT64_MIN_DIGITS : INT64_MAX_DIGITS) <= 0;
  }

  /** True for at most 29 digits before and 9 after the point. */
  public boolean isNumeric() {
    return point <= 29 && digits.length() - point <= 9;
  }

  /**
   * True for at most 38 digits before and 38 after the point. BIGNUMERIC covers its 39th digit only
   * partly.
   */
  public boolean isBignumeric() {
    return point <= 38 && digits.length() - point <= 38;
  }

  /** True if the nearest double, written in its shortest form, gives the same number back. */
  public boolean isFloat64() {
    if (digits.length() > MAX_DOUBLE_DIGITS) {
      return false;
    }
    if (digits.isEmpty()) {
      return true;
    }
    double nearest = toDouble();
    return nearest != 0 && !Double.isInfinite(nearest) && shortestOf(nearest).equals(this);
  }

  /** True for an integer by value that BigQuery's JSON type keeps: −2^63 to 2^64 − 1. */
  private boolean isJsonInteger() {
    if (isInt64()) {
      return true;
    }
    if (isNegative || digits.length() > point || point > UINT64_MAX_DIGITS.length()) {
      return false;
    }
    return point < UINT64_MAX_DIGITS.length() || integerDigits().compareTo(UINT64_MAX_DIGITS) <= 0;
  }

  /**
   * Returns the one text of a number in a STRING column that takes numbers: plain digits if
   * BIGNUMERIC holds it, else the shortest double as ECMAScript prints it, else the literal.
   */
  public static String numberText(String literal) {
    Decimal decimal = parse(literal);
    if (decimal.isBignumeric()) {
      return decimal.toPlainText();
    }
    return decimal.isFloat64() ? decimal.toJson().replace("e", "e+").replace("e+-", "e-") : literal;
  }

  /**
   * Would BigQuery's JSON type keep this number: a 64-bit integer by value, or a double that gives
   * it back?
   */
  public boolean isJsonExact() {
    return isJsonInteger() || isFloat64();
  }

  /** Returns the nearest double; 0 for −0. */
  public double toDouble() {
    return digits.isEmpty()
        ? 0
        : Double.parseDouble((isNegative ? "-0." : "0.") + digits + "e" + point);
  }

  /** Returns the integer. Requires {@link #isInt64}. */
  public long toLong() {
    return digits.isEmpty() ? 0 : Long.parseLong((isNegative ? "-" : "") + integerDigits());
  }

  /**
   * Returns plain digits without exponent, {@code -12.5}. Requires a number that BIGNUMERIC or
   * INT64 holds.
   */
  public String toPlainText() {
    if (digits.isEmpty()) {
      return "0";
    }
    String sign = isNegative ? "-" : "";
    if (point >= digits.length()) {
      return sign + integerDigits();
    }
    if (point <= 0) {
      return sign + "0." + "0".repeat((int) -point) + digits;
    }
    return sign + digits.substring(0, (int) point) + "." + digits.substring((int) point);
  }

  /**
   * Returns the same text for equal numbers: 64-bit integers in plain digits, others as ECMAScript
   * writes a double.
   */
  String toJson() {
    if (isInt64() || (point >= MIN_PLAIN_POINT && point <= MAX_PLAIN_POINT)) {
      return toPlainText();
    }
    String fraction = digits.length() == 1 ? "" : "." + digits.substring(1);
    return (isNegative ? "-" : "") + digits.charAt(0) + fraction + "e" + (point - 1);
  }

  private String integerDigits() {
    return digits + "0".repeat((int) point - digits.length());
  }

  /**
   * Returns the shortest decimal that identifies a finite double, the nearest one of that length:
   * ECMAScript's Number::toString.
   *
   * <p>Uses Jackson's algorithm, because that of Java 17 is not always the shortest. It never
   * returns fewer than two digits: among those of two, 4.9e-324 is nearer than 5.0e-324, although
   * one digit is enough.
   */
  public static Decimal shortestOf(double number) {
    Decimal shortest = parse(DoubleToDecimal.toString(number));
    if (shortest.digits.length() != 2) {
      return shortest;
    }
    int first = shortest.digits.charAt(0) - '0';
    int rounded = shortest.digits.charAt(1) >= '5' ? first + 1 : first;
    Decimal shorter =
        parse((shortest.isNegative ? "-" : "") + rounded + "e" + (shortest.point - 1));
    return shorter.toDouble() == number ? shorter : shortest;
  }
}
