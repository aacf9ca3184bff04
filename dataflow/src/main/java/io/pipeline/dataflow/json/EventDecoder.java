package io.pipeline.dataflow.json;

import java.util.Map;

/**
 * Reads a message's data as one event.
 *
 * <p>Shape: {@code {"event_type":"order",…}}, or any object with the attribute {@code event_type},
 * or a CloudEvent, whose {@code data} is then the event. Throws nothing for any bytes. The array is
 * kept and must not change afterwards.
 */
public final class EventDecoder {
  private EventDecoder() {}

  public static Decoded decode(byte[] data, Map<String, String> attributes) {
    return null; // in work
  }
}
