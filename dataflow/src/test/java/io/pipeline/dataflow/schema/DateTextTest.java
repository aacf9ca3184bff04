package io.pipeline.dataflow.schema;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.cloud.bigquery.storage.v1.CivilTimeEncoder;
import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Times in the form of the append's proto, compared with BigQuery's client and with Java. */
class DateTextTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "0001-01-01T00:00:00",
        "1969-12-31T23:59:59.999999",
        "2024-02-29T12:34:56.7",
        "2024-02-29T12:34:56.000001",
        "9999-12-31T23:59:59.999999"
      })
  void packsDateTimesAsTheClientDoes(String text) {
    org.threeten.bp.LocalDateTime civil = org.threeten.bp.LocalDateTime.parse(text);

    DateText read = DateText.read(text);
    assertEquals(ColumnType.DATETIME, read.type());
    assertEquals(CivilTimeEncoder.encodePacked64DatetimeMicros(civil), read.value());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1969-12-31T23:59:59.999999Z",
        "1970-01-01T00:00:00Z",
        "2024-02-29T12:34:56.7Z",
        "2024-02-29T00:34:56.000001+17:59",
        "2024-02-29T23:34:56-00:30",
        "2200-12-31T23:59:59.999999Z"
      })
  void countsMicrosecondsAsJavaDoes(String text) {
    DateText read = DateText.read(text);
    assertEquals(ColumnType.TIMESTAMP, read.type());
    assertEquals(ChronoUnit.MICROS.between(Instant.EPOCH, Instant.parse(text)), read.value());
  }

  @ParameterizedTest
  @ValueSource(strings = {"0001-01-01", "1582-10-10", "1900-02-28", "2024-02-29", "9999-12-31"})
  void countsDaysAsJavaDoes(String text) {
    DateText read = DateText.read(text);
    assertEquals(ColumnType.DATE, read.type());
    assertEquals(LocalDate.parse(text).toEpochDay(), read.value());
  }
}
