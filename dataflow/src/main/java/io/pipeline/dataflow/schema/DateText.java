package io.pipeline.dataflow.schema;

import java.time.LocalDate;

/**
 * Strings with the strict syntax of a date type: {@code YYYY-MM-DD}, and RFC 3339 date-times with
 * and without zone.
 *
 * <p>Real calendar dates, capital {@code T} and {@code Z}, no second 60, one to six fraction
 * digits, offsets to ±23:59. Source: RFC 3339 section 5.6, read 2026-11-23; BigQuery keeps
 * microseconds.
 */
enum DateText {
  DATE(ColumnType.DATE, true),
  DATETIME(ColumnType.DATETIME, true),
  TIMESTAMP(ColumnType.TIMESTAMP, true),
  /** Only the year, written or of the instant in UTC, is outside 0001–9999. */
  DATE_OUT_OF_RANGE(ColumnType.DATE, false),
  DATETIME_OUT_OF_RANGE(ColumnType.DATETIME, false),
  TIMESTAMP_OUT_OF_RANGE(ColumnType.TIMESTAMP, false);

  private static final int MINUTES_PER_DAY = 1440;
  private static final int NO_OFFSET = Integer.MIN_VALUE;
  private static final long MICROS = 1_000_000L;

  private final ColumnType type;
  private final boolean isInRange;

  DateText(ColumnType type, boolean isInRange) {
    this.type = type;
    this.isInRange = isInRange;
  }

  ColumnType type() {
    return type;
  }

  boolean isInRange() {
    return isInRange;
  }

  /** What the text is, or null: a string and nothing more. */
  static DateText read(String text) {
    int length = text.length();
    if (length < 10 || length > 32 || text.charAt(4) != '-' || text.charAt(7) != '-') {
      return null;
    }
    int century = twoDigits(text, 0);
    int yearOfCentury = twoDigits(text, 2);
    int month = twoDigits(text, 5);
    int day = twoDigits(text, 8);
    if ((century | yearOfCentury | month | day) < 0) {
      return null;
    }
    int year = century * 100 + yearOfCentury;
    if (!isRealDate(year, month, day)) {
      return null;
    }
    if (length == 10) {
      return year > 0 ? DATE : DATE_OUT_OF_RANGE;
    }
    int minutes = minutesOfDay(text);
    int zoneAt = minutes < 0 ? -1 : endOfFraction(text);
    if (zoneAt < 0) {
      return null;
    }
    if (zoneAt == length) {
      return year > 0 ? DATETIME : DATETIME_OUT_OF_RANGE;
    }
    int offset = offsetMinutes(text, zoneAt);
    if (offset == NO_OFFSET) {
      return null;
    }
    boolean isInstant = year > 0 && isInstantInRange(year, month, day, minutes - offset);
    return isInstant ? TIMESTAMP : TIMESTAMP_OUT_OF_RANGE;
  }

  /** Days since 1970-01-01 of a {@link #DATE}, or of the first ten characters of the others. */
  static int epochDay(String text) {
    return (int) LocalDate.of(year(text), twoDigits(text, 5), twoDigits(text, 8)).toEpochDay();
  }

  /** Microseconds since 1970-01-01T00:00:00Z of a {@link #TIMESTAMP}. */
  static long epochMicros(String text) {
    int minutes = minutesOfDay(text) - offsetMinutes(text, endOfFraction(text));
    long seconds = ((long) epochDay(text) * MINUTES_PER_DAY + minutes) * 60 + twoDigits(text, 17);
    return seconds * MICROS + micros(text);
  }

  /**
   * A {@link #DATETIME} as one number: year, month, day, hour, minute, second, and 20 bits of
   * microseconds.
   */
  static long packedMicros(String text) {
    long date = ((long) year(text) << 4 | twoDigits(text, 5)) << 5 | twoDigits(text, 8);
    int time = (twoDigits(text, 11) << 6 | twoDigits(text, 14)) << 6 | twoDigits(text, 17);
    return (date << 17 | time) << 20 | micros(text);
  }

  private static int year(String text) {
    return twoDigits(text, 0) * 100 + twoDigits(text, 2);
  }

  /** Two decimal digits as a number, or a negative one where any is none. */
  private static int twoDigits(String text, int at) {
    int tens = text.charAt(at) - '0';
    int ones = text.charAt(at + 1) - '0';
    return (tens | ones | (9 - tens) | (9 - ones)) < 0 ? -1 : tens * 10 + ones;
  }

  private static boolean isRealDate(int year, int month, int day) {
    if (month < 1 || month > 12 || day < 1) {
      return false;
    }
    if (day <= 28) {
      return true;
    }
    return switch (month) {
      case 2 -> day == 29 && year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
      case 4, 6, 9, 11 -> day <= 30;
      default -> day <= 31;
    };
  }

  private static int minutesOfDay(String text) {
    if (text.length() < 19
        || text.charAt(10) != 'T'
        || text.charAt(13) != ':'
        || text.charAt(16) != ':') {
      return -1;
    }
    int hour = twoDigits(text, 11);
    int minute = twoDigits(text, 14);
    int second = twoDigits(text, 17);
    boolean isTime = (hour | minute | second | (23 - hour) | (59 - minute) | (59 - second)) >= 0;
    return isTime ? hour * 60 + minute : -1;
  }

  /**
   * The offset after the seconds' fraction, or −1 when there is a point without one to six digits.
   */
  private static int endOfFraction(String text) {
    if (text.length() == 19 || text.charAt(19) != '.') {
      return 19;
    }
    int at = 20;
    while (at < text.length() && Ascii.isDigit(text.charAt(at))) {
      at++;
    }
    return at == 20 || at > 26 ? -1 : at;
  }

  private static int micros(String text) {
    int end = endOfFraction(text);
    int micros = 0;
    for (int at = 20; at < 26; at++) {
      micros = micros * 10 + (at < end ? text.charAt(at) - '0' : 0);
    }
    return micros;
  }

  /** Minutes east of UTC, or {@link #NO_OFFSET}. */
  private static int offsetMinutes(String text, int at) {
    char sign = text.charAt(at);
    if (sign == 'Z') {
      return text.length() == at + 1 ? 0 : NO_OFFSET;
    }
    if ((sign != '+' && sign != '-') || text.length() != at + 6 || text.charAt(at + 3) != ':') {
      return NO_OFFSET;
    }
    int hours = twoDigits(text, at + 1);
    int minutes = twoDigits(text, at + 4);
    if (hours < 0 || hours > 23 || minutes < 0 || minutes > 59) {
      return NO_OFFSET;
    }
    return (hours * 60 + minutes) * (sign == '-' ? -1 : 1);
  }

  private static boolean isInstantInRange(int year, int month, int day, int minutesOfDayUtc) {
    if (minutesOfDayUtc < 0) {
      return year > 1 || month > 1 || day > 1;
    }
    if (minutesOfDayUtc >= MINUTES_PER_DAY) {
      return year < 9999 || month < 12 || day < 31;
    }
    return true;
  }
}
