package io.pipeline.dataflow.store;

import java.io.Serializable;

/** Gives a worker its store; the same one to all its threads. */
@FunctionalInterface
public interface StoreProvider extends Serializable {

  /** The store of this worker. */
  EventStore get();
}
