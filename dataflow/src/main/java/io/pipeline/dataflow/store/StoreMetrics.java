package io.pipeline.dataflow.store;

/** Counts what happens. Codes have the names they have everywhere in the pipeline. */
public interface StoreMetrics {

  /** {@code count} more of what {@code name} names. */
  void count(String name, long count);

  /** One more value of a distribution. */
  void measure(String name, long value);
}
