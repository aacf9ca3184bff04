package io.pipeline.dataflow.schema;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/**
 * A position in the event, linked to its parents. The pointer is built only on demand, because most
 * places are never reported.
 *
 * @param parent null for the root
 * @param key of an object's member; null for an element of an array
 * @param index of an array's element
 */
record Place(Place parent, String key, int index, Outcome outcome) {
  static final Place ROOT = new Place(null, null, 0, Outcome.ROW);

  /** The outcome of a leaf that its column (or candidate) would hold. */
  enum Outcome {
    ROW,
    PENDING,
    /** A contract wants a person to approve the column first. */
    APPROVAL,
    CLOSED
  }

  Place member(String name) {
    return new Place(this, name, 0, outcome);
  }

  Place element(int at) {
    return new Place(this, null, at, outcome);
  }

  Place withOutcome(Outcome other) {
    return new Place(parent, key, index, other);
  }

  /** Returns the RFC 6901 pointer. */
  String pointer() {
    StringBuilder pointer = new StringBuilder();
    for (Place place : steps()) {
      pointer.append('/');
      if (place.key == null) {
        pointer.append(place.index);
      } else {
        pointer.append(place.key.replace("~", "~0").replace("/", "~1"));
      }
    }
    return pointer.toString();
  }

  /** Returns the keys, without indexes. */
  List<String> path() {
    return steps().stream().filter(place -> place.key != null).map(Place::key).toList();
  }

  private Deque<Place> steps() {
    Deque<Place> steps = new ArrayDeque<>();
    for (Place place = this; place.parent != null; place = place.parent) {
      steps.push(place);
    }
    return steps;
  }
}
