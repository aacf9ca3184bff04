package io.pipeline.dataflow.store;

import java.io.Serializable;

/** Provides the store of a worker; the same instance for all its threads. */
@FunctionalInterface
public interface StoreProvider extends Serializable {

  EventStore get();
}
