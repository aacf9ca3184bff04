package io.pipeline.dataflow.schema;

import java.util.Locale;

/**
 * A contract's decision about a change of a table: events make it, a person approves it first, or
 * it is never made. Rows land in any case.
 */
public enum ChangeVerb {
  EVOLVE,
  APPROVE,
  OVERFLOW;

  /**
   * Returns the verb of a label; {@link #EVOLVE} for any other text, because a label that is not
   * understood must not stop a pipeline.
   */
  static ChangeVerb ofLabel(String text) {
    ChangeVerb verb = of(text);
    return verb == null ? EVOLVE : verb;
  }

  /** Returns the verb, or null for any other text. */
  static ChangeVerb of(String text) {
    for (ChangeVerb verb : values()) {
      if (verb.text().equals(text)) {
        return verb;
      }
    }
    return null;
  }

  String text() {
    return name().toLowerCase(Locale.ROOT);
  }
}
