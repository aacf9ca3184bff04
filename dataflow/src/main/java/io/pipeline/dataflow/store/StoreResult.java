package io.pipeline.dataflow.store;

import io.pipeline.dataflow.model.DeadLetter;
import io.pipeline.dataflow.model.HeldEvent;
import java.util.List;

/**
 * What became of events: each is stored, held or given up.
 *
 * @param stored how many became rows
 */
public record StoreResult(int stored, List<HeldEvent> held, List<DeadLetter> dead) {}
