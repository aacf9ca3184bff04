package io.pipeline.dataflow.options;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.Map;
import org.apache.beam.sdk.util.SerializableUtils;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Validation of options before anything runs. */
class JobSettingsTest {
  @Test
  void hasDefaults() {
    JobSettings settings = TestSettings.of();

    assertEquals(Duration.ofMinutes(10), settings.schemaWait());
    assertEquals(Map.of("order", "orders"), settings.eventRoutes());
    assertEquals(500, settings.appendRows());
    assertEquals(32_000_000, settings.holdBytes());
    assertEquals("gs://bucket/events", settings.archiveLocation());
  }

  @Test
  void travelsToWorkers() {
    JobSettings settings = TestSettings.of();
    assertEquals(settings, SerializableUtils.ensureSerializable(settings));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--inputSubscription=backend-events-topic-sub | inputSubscription",
        "--replaySubscription=projects/p/topics/t | replaySubscription",
        "--dataset=p.d | dataset",
        "--deadLetterTopic=t | deadLetterTopic",
        "--schemaWaitSeconds=-1 | schemaWaitSeconds",
        "--columnGraceSeconds=-1 | columnGraceSeconds",
        "--schemaPollSeconds=0 | schemaPollSeconds",
        "--appendRows=0 | appendRows",
        "--archiveWindowSeconds=7200 | archiveWindowSeconds",
        "--eventRoutes=[] | eventRoutes",
        "--eventRoutes={\"a\":\"no-table\"} | eventRoutes",
        "--eventRoutes={\"a\":\"orders_unique\"} | eventRoutes",
        "--eventTypeFrom=type | eventTypeFrom",
        "--eventTypeFrom=constant:a, field:b | eventTypeFrom",
        "--bigqueryEndpoint=127.0.0.1:9050 | bigqueryEndpoint",
        "--bigqueryStorageEndpoint=http://127.0.0.1:9060 | bigqueryStorageEndpoint"
      })
  void refuses(String argument, String option) {
    IllegalArgumentException refused =
        assertThrows(IllegalArgumentException.class, () -> TestSettings.of(argument));
    assertTrue(refused.getMessage().contains("--" + option), refused.getMessage());
  }

  @Test
  void namesEveryBadOptionAtOnce() {
    IllegalArgumentException refused =
        assertThrows(
            IllegalArgumentException.class,
            () -> TestSettings.of("--appendRows=0", "--holdShards=0"));
    assertTrue(refused.getMessage().contains("appendRows"), refused.getMessage());
    assertTrue(refused.getMessage().contains("holdShards"), refused.getMessage());
  }
}
