package io.pipeline.dataflow.schema;

import java.io.Serializable;
import java.util.Map;

/**
 * The table of an event type.
 *
 * <p>Shape: {@code UserSignedUp} → {@code user_signed_up}, {@code order.created} → {@code
 * order_created}; a given route goes first and is taken as it stands. Limits: at most 200
 * characters {@code [a-z0-9_]}, beginning with a letter.
 */
public final class EventRouter implements Serializable {
  private final Map<String, String> routes;

  public EventRouter(Map<String, String> routes) {
    this.routes = Map.copyOf(routes);
  }

  public String route(String eventType) {
    String routed = routes.get(eventType);
    if (routed != null) {
      return routed;
    }
    return null; // in work
  }
}
