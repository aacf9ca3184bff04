package io.pipeline.dataflow.schema;

import java.nio.charset.StandardCharsets;
import java.time.LocalDate;

/**
 * A string with the strict syntax of a date type: {@code YYYY-MM-DD}, and RFC 3339 date-times with
 * and without zone.
 *
 * <p>Real calendar dates, capital {@code T} and {@code Z}, no second 60, one to six fraction digits
 * (more only if they are zeros: Go, Java and Protobuf print nine), offsets to ±23:59. Source: RFC
 * 3339 section 5.6, read 2026-11-23; BigQuery keeps microseconds.
 *
 * @param type DATE, DATETIME or TIMESTAMP
 * @param isInRange false if only the year, as written or of the instant in UTC, is outside
 *     0001–9999
 * @param value in the form of {@link RowRecord}: days, packed civil microseconds or microseconds
 *     since 1970-01-01
 */
record DateText(ColumnType type, boolean isInRange, long value) {
  private static final int DATE_LENGTH = 10;
  private static final int SECONDS_END = 19;
  private static final int MAX_FRACTION_DIGITS = 6;
  private static final long SECONDS_PER_DAY = 86_400;
  private static final int NO_OFFSET = Integer.MIN_VALUE;
  private static final long MICROS = 1_000_000L;
  private static final long FIRST_SECOND = LocalDate.of(1, 1, 1).toEpochDay() * SECONDS_PER_DAY;
  private static final long END_SECOND = LocalDate.of(10_000, 1, 1).toEpochDay() * SECONDS_PER_DAY;

  /** Returns null for a text that is not a date or date-time. */
  static DateText read(String text) {
    if (text.length() < DATE_LENGTH || text.charAt(4) != '-') {
      return null;
    }
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return read(bytes, 0, bytes.length);
  }

  /** Reads the UTF-8 text between two offsets. */
  static DateText read(byte[] text, int from, int to) {
    int length = to - from;
    if (length < DATE_LENGTH || text[from + 4] != '-' || text[from + 7] != '-') {
      return null;
    }
    int century = twoDigits(text, from);
    int yearOfCentury = twoDigits(text, from + 2);
    int month = twoDigits(text, from + 5);
    int day = twoDigits(text, from + 8);
    if ((century | yearOfCentury | month | day) < 0) {
      return null;
    }
    int year = century * 100 + yearOfCentury;
    if (!isRealDate(year, month, day)) {
      return null;
    }
    LocalDate date = LocalDate.of(year, month, day);
    return length == DATE_LENGTH
        ? new DateText(ColumnType.DATE, year > 0, date.toEpochDay())
        : readTime(text, from, to, date);
  }

  private static DateText readTime(byte[] text, int from, int to, LocalDate date) {
    int secondOfDay = secondOfDay(text, from, to);
    int fractionAt = from + SECONDS_END;
    int zoneAt = secondOfDay < 0 ? -1 : endOfFraction(text, fractionAt, to);
    if (zoneAt < 0) {
      return null;
    }
    int micros = micros(text, fractionAt, zoneAt);
    boolean isYear = date.getYear() > 0;
    if (zoneAt == to) {
      return new DateText(ColumnType.DATETIME, isYear, packed(date, secondOfDay) + micros);
    }
    int offset = offsetMinutes(text, zoneAt, to);
    if (offset == NO_OFFSET) {
      return null;
    }
    long second = date.toEpochDay() * SECONDS_PER_DAY + secondOfDay - offset * 60L;
    boolean isInstant = isYear && second >= FIRST_SECOND && second < END_SECOND;
    return new DateText(ColumnType.TIMESTAMP, isInstant, second * MICROS + micros);
  }

  /** Packs year, month, day, hour, minute, second and 20 zero bits for microseconds. */
  private static long packed(LocalDate civil, int secondOfDay) {
    long date = ((long) civil.getYear() << 4 | civil.getMonthValue()) << 5 | civil.getDayOfMonth();
    int hour = secondOfDay / 3600;
    int minute = secondOfDay / 60 % 60;
    int time = (hour << 6 | minute) << 6 | (secondOfDay % 60);
    return (date << 17 | time) << 20;
  }

  /** Reads two decimal digits; negative if either is not a digit. */
  private static int twoDigits(byte[] text, int at) {
    int tens = text[at] - '0';
    int ones = text[at + 1] - '0';
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

  /** Negative if there is no valid time of day. */
  private static int secondOfDay(byte[] text, int from, int to) {
    if (to - from < SECONDS_END
        || text[from + 10] != 'T'
        || text[from + 13] != ':'
        || text[from + 16] != ':') {
      return -1;
    }
    int hour = twoDigits(text, from + 11);
    int minute = twoDigits(text, from + 14);
    int second = twoDigits(text, from + 17);
    boolean isTime = (hour | minute | second | (23 - hour) | (59 - minute) | (59 - second)) >= 0;
    return isTime ? (hour * 60 + minute) * 60 + second : -1;
  }

  /**
   * Returns the offset after the fraction of a second, or −1 if it has no digit, or more than six
   * that are not zeros.
   */
  private static int endOfFraction(byte[] text, int from, int to) {
    if (from == to || text[from] != '.') {
      return from;
    }
    int first = from + 1;
    int at = first;
    while (at < to && text[at] >= '0' && text[at] <= '9') {
      at++;
    }
    for (int extra = first + MAX_FRACTION_DIGITS; extra < at; extra++) {
      if (text[extra] != '0') {
        return -1;
      }
    }
    return at == first ? -1 : at;
  }

  private static int micros(byte[] text, int from, int end) {
    if (end == from) {
      return 0;
    }
    int first = from + 1;
    int micros = 0;
    for (int at = first; at < first + MAX_FRACTION_DIGITS; at++) {
      micros = micros * 10 + (at < end ? text[at] - '0' : 0);
    }
    return micros;
  }

  /** Minutes east of UTC, or {@link #NO_OFFSET}. */
  private static int offsetMinutes(byte[] text, int at, int to) {
    byte sign = text[at];
    if (sign == 'Z') {
      return to == at + 1 ? 0 : NO_OFFSET;
    }
    if ((sign != '+' && sign != '-') || to != at + 6 || text[at + 3] != ':') {
      return NO_OFFSET;
    }
    int hours = twoDigits(text, at + 1);
    int minutes = twoDigits(text, at + 4);
    if (hours < 0 || hours > 23 || minutes < 0 || minutes > 59) {
      return NO_OFFSET;
    }
    return (hours * 60 + minutes) * (sign == '-' ? -1 : 1);
  }
}
