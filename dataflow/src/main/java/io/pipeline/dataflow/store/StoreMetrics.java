package io.pipeline.dataflow.store;

/** Metrics of the store. Counter names are the codes used throughout the pipeline. */
public interface StoreMetrics {

  void count(String name, long count);

  /** Adds a value to a distribution. */
  void measure(String name, long value);
}
