package io.pipeline.dataflow.model;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.apache.beam.sdk.coders.AtomicCoder;
import org.apache.beam.sdk.coders.BooleanCoder;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.coders.VarIntCoder;
import org.apache.beam.sdk.coders.VarLongCoder;

/** Encodes a {@link HoldSummary} field by field, in the order of the record. */
public final class HoldSummaryCoder extends AtomicCoder<HoldSummary> {
  private static final HoldSummaryCoder INSTANCE = new HoldSummaryCoder();
  private static final Coder<String> TEXT = StringUtf8Coder.of();
  private static final Coder<Integer> COUNT = VarIntCoder.of();
  private static final Coder<Long> NUMBER = VarLongCoder.of();
  private static final Coder<Boolean> FLAG = BooleanCoder.of();

  private HoldSummaryCoder() {}

  public static HoldSummaryCoder of() {
    return INSTANCE;
  }

  @Override
  public void encode(HoldSummary summary, OutputStream out) throws IOException {
    TEXT.encode(summary.table(), out);
    COUNT.encode(summary.count(), out);
    NUMBER.encode(summary.bytes(), out);
    NUMBER.encode(summary.dueMs(), out);
    TEXT.encode(summary.seen(), out);
    FLAG.encode(summary.hasWriterWaits(), out);
  }

  @Override
  public HoldSummary decode(InputStream in) throws IOException {
    return new HoldSummary(
        TEXT.decode(in),
        COUNT.decode(in),
        NUMBER.decode(in),
        NUMBER.decode(in),
        TEXT.decode(in),
        FLAG.decode(in));
  }
}
