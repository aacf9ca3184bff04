package io.pipeline.dataflow.store;

import com.google.protobuf.ByteString;
import io.pipeline.dataflow.model.DeadLetter;
import io.pipeline.dataflow.model.HeldEvent;

/** What is to be done with an event now. */
sealed interface Verdict {

  /** Append it. */
  record Append(KnownTable table, ByteString row) implements Verdict {}

  /** Nothing yet. */
  record Hold(HeldEvent held) implements Verdict {}

  /** It cannot become a row. */
  record GiveUp(DeadLetter letter) implements Verdict {}
}
