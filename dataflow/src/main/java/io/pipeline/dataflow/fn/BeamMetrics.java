package io.pipeline.dataflow.fn;

import io.pipeline.dataflow.store.StoreMetrics;
import java.io.Serializable;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.beam.sdk.metrics.Counter;
import org.apache.beam.sdk.metrics.Distribution;
import org.apache.beam.sdk.metrics.Metrics;

/** Reports counters and distributions as Beam metrics under the namespace {@code pipeline}. */
public final class BeamMetrics implements StoreMetrics, Serializable {
  public static final String NAMESPACE = "pipeline";

  private static final Map<String, Counter> COUNTERS = new ConcurrentHashMap<>();
  private static final Map<String, Distribution> DISTRIBUTIONS = new ConcurrentHashMap<>();

  @Override
  public void count(String name, long count) {
    if (count != 0) {
      COUNTERS.computeIfAbsent(name, absent -> Metrics.counter(NAMESPACE, absent)).inc(count);
    }
  }

  @Override
  public void measure(String name, long value) {
    DISTRIBUTIONS
        .computeIfAbsent(name, absent -> Metrics.distribution(NAMESPACE, absent))
        .update(value);
  }
}
