package io.pipeline.dataflow.model;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.apache.beam.sdk.coders.AtomicCoder;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.coders.VarLongCoder;

/** Encodes a {@link HeldEvent} field by field; the wait by name. */
public final class HeldEventCoder extends AtomicCoder<HeldEvent> {
  private static final HeldEventCoder INSTANCE = new HeldEventCoder();
  private static final Coder<String> TEXT = StringUtf8Coder.of();
  private static final Coder<Long> NUMBER = VarLongCoder.of();

  private HeldEventCoder() {}

  public static HeldEventCoder of() {
    return INSTANCE;
  }

  @Override
  public void encode(HeldEvent held, OutputStream out) throws IOException {
    RoutedEventCoder.of().encode(held.event(), out);
    TEXT.encode(held.waitsFor().name(), out);
    NUMBER.encode(held.sinceMs(), out);
    TEXT.encode(held.why(), out);
  }

  @Override
  public HeldEvent decode(InputStream in) throws IOException {
    return new HeldEvent(
        RoutedEventCoder.of().decode(in),
        Wait.valueOf(TEXT.decode(in)),
        NUMBER.decode(in),
        TEXT.decode(in));
  }
}
