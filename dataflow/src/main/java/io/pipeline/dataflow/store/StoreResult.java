package io.pipeline.dataflow.store;

import io.pipeline.dataflow.model.DeadLetter;
import io.pipeline.dataflow.model.HeldEvent;
import java.util.List;

/**
 * The outcome of a session: each event is stored, quarantined, held or rejected.
 *
 * @param stored number of rows stored in the tables of their events
 * @param quarantined number of messages stored in {@code _quarantine}
 */
public record StoreResult(
    int stored, int quarantined, List<HeldEvent> held, List<DeadLetter> dead) {}
