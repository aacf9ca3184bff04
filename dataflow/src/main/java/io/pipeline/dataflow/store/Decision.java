package io.pipeline.dataflow.store;

import com.google.protobuf.ByteString;
import io.pipeline.dataflow.model.DeadLetter;
import io.pipeline.dataflow.model.HeldEvent;

/** What is to be done with an event now. */
sealed interface Decision {

  /** Append it. */
  record Append(KnownTable table, ByteString row) implements Decision {}

  /** Nothing yet. */
  record Hold(HeldEvent held) implements Decision {}

  /** It cannot become a row. */
  record Reject(DeadLetter letter) implements Decision {}
}
