package io.pipeline.dataflow.model;

import io.pipeline.dataflow.json.Decoded;
import io.pipeline.dataflow.json.Event;
import io.pipeline.dataflow.json.EventDecoder;
import java.util.Objects;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * A message that is an event, and the table it belongs to. The parsed event stays with it inside a
 * worker and is parsed again after it travelled.
 */
public final class RoutedEvent {
  private final Envelope envelope;
  private final String table;
  private final String eventType;
  private @Nullable Event parsed;

  /** An event that is parsed when somebody asks for it. */
  public RoutedEvent(Envelope envelope, String table, String eventType) {
    this(envelope, table, eventType, null);
  }

  /** An event that was parsed already. */
  public RoutedEvent(Envelope envelope, String table, String eventType, @Nullable Event parsed) {
    this.envelope = envelope;
    this.table = table;
    this.eventType = eventType;
    this.parsed = parsed;
  }

  /** The message. */
  public Envelope envelope() {
    return envelope;
  }

  /** Name of the table, without dataset. */
  public String table() {
    return table;
  }

  /** The event's type as it came. */
  public String eventType() {
    return eventType;
  }

  /** The event. Errors: throws {@link IllegalStateException} for bytes that were never routed. */
  public Event event() {
    Event known = parsed;
    if (known == null) {
      Decoded decoded = EventDecoder.decode(envelope.data().toByteArray(), envelope.attributes());
      if (decoded.event() == null) {
        throw new IllegalStateException(
            "A routed message is no event: " + decoded.rejection().code());
      }
      known = decoded.event();
      parsed = known;
    }
    return known;
  }

  /** The same without the parsed event, for those who keep it for long. */
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
