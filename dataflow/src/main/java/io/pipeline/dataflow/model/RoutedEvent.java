package io.pipeline.dataflow.model;

import io.pipeline.dataflow.json.Decoded;
import io.pipeline.dataflow.json.Event;
import io.pipeline.dataflow.json.EventDecoder;
import io.pipeline.dataflow.json.EventTypeSources;
import java.util.Objects;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * A decoded message and its target table. The parsed event is cached within a worker and parsed
 * again after serialization.
 */
public final class RoutedEvent {
  private final Envelope envelope;
  private final String table;
  private final String eventType;
  private @Nullable Event parsed;

  /** Creates an event that is parsed on first access. */
  public RoutedEvent(Envelope envelope, String table, String eventType) {
    this(envelope, table, eventType, null);
  }

  public RoutedEvent(Envelope envelope, String table, String eventType, @Nullable Event parsed) {
    this.envelope = envelope;
    this.table = table;
    this.eventType = eventType;
    this.parsed = parsed;
  }

  public Envelope envelope() {
    return envelope;
  }

  /** Returns the table's name, without dataset. */
  public String table() {
    return table;
  }

  /** Returns the event type as published. */
  public String eventType() {
    return eventType;
  }

  /**
   * Returns the parsed event. Throws {@link IllegalStateException} if the bytes were never routed
   * by these sources.
   */
  public Event event(EventTypeSources sources) {
    Event known = parsed;
    if (known == null) {
      Decoded decoded =
          EventDecoder.decode(envelope.data().toByteArray(), envelope.attributes(), sources);
      if (decoded.event() == null) {
        throw new IllegalStateException(
            "A routed message is not an event: " + decoded.rejection().code());
      }
      known = decoded.event();
      parsed = known;
    }
    return known;
  }

  /** Returns a copy without the parsed event, to save memory while the event is held. */
  public RoutedEvent withoutParsed() {
    return new RoutedEvent(envelope, table, eventType);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof RoutedEvent that
        && envelope.equals(that.envelope)
        && table.equals(that.table)
        && eventType.equals(that.eventType);
  }

  @Override
  public int hashCode() {
    return Objects.hash(envelope, table, eventType);
  }

  @Override
  public String toString() {
    return "RoutedEvent[" + envelope.messageId() + " → " + table + "]";
  }
}
