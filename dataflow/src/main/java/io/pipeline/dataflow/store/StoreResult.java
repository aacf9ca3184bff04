package io.pipeline.dataflow.store;

import io.pipeline.dataflow.model.DeadLetter;
import io.pipeline.dataflow.model.HeldEvent;
import java.util.List;

/**
 * The outcome of a session: each event is stored, held or rejected.
 *
 * @param stored number of rows stored
 */
public record StoreResult(int stored, List<HeldEvent> held, List<DeadLetter> dead) {}
