package io.pipeline.dataflow.model;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.apache.beam.sdk.coders.AtomicCoder;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.StringUtf8Coder;

/** Encodes a {@link RoutedEvent} field by field, without the parsed event. */
public final class RoutedEventCoder extends AtomicCoder<RoutedEvent> {
  private static final RoutedEventCoder INSTANCE = new RoutedEventCoder();
  private static final Coder<String> TEXT = StringUtf8Coder.of();

  private RoutedEventCoder() {}

  public static RoutedEventCoder of() {
    return INSTANCE;
  }

  @Override
  public void encode(RoutedEvent event, OutputStream out) throws IOException {
    EnvelopeCoder.of().encode(event.envelope(), out);
    TEXT.encode(event.table(), out);
    TEXT.encode(event.eventType(), out);
  }

  @Override
  public RoutedEvent decode(InputStream in) throws IOException {
    return new RoutedEvent(EnvelopeCoder.of().decode(in), TEXT.decode(in), TEXT.decode(in));
  }
}
