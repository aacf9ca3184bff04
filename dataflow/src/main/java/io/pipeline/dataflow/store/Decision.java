package io.pipeline.dataflow.store;

import com.google.protobuf.ByteString;
import io.pipeline.dataflow.model.DeadLetter;
import io.pipeline.dataflow.model.HeldEvent;

/** The next step for an event. */
sealed interface Decision {

  record Append(KnownTable table, ByteString row) implements Decision {}

  record Hold(HeldEvent held) implements Decision {}

  record Reject(DeadLetter letter) implements Decision {}
}
