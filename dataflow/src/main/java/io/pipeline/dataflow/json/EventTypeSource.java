package io.pipeline.dataflow.json;

import java.io.Serializable;
import java.util.List;
import java.util.stream.Collectors;

/**
 * One place in which a message may have its event type. {@code toString} is its form in the
 * setting.
 */
public sealed interface EventTypeSource extends Serializable {

  /** A member of the event by its keys from the root; a step through an array is its index. */
  record Field(List<String> path) implements EventTypeSource {
    public Field {
      path = List.copyOf(path);
    }

    @Override
    public String toString() {
      if (path.size() == 1 && !path.get(0).startsWith("/")) {
        return "field:" + path.get(0);
      }
      return path.stream()
          .map(step -> "/" + step.replace("~", "~0").replace("/", "~1"))
          .collect(Collectors.joining("", "field:", ""));
    }
  }

  record Attribute(String name) implements EventTypeSource {
    @Override
    public String toString() {
      return "attribute:" + name;
    }
  }

  /**
   * The attributes {@code ce-specversion} and {@code ce-type} of the CloudEvents Pub/Sub binding,
   * or a structured CloudEvent.
   */
  record CloudEvent() implements EventTypeSource {
    @Override
    public String toString() {
      return "cloudevent";
    }
  }

  record Constant(String eventType) implements EventTypeSource {
    @Override
    public String toString() {
      return "constant:" + eventType;
    }
  }
}
