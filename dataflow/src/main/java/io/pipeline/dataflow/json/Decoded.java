package io.pipeline.dataflow.json;

/**
 * What a message's data is: exactly one of the two is not null.
 *
 * @param event an event that passed every check
 * @param rejection why it is none
 */
public record Decoded(Event event, Rejection rejection) {
  static Decoded of(Event event) {
    return new Decoded(event, null);
  }

  static Decoded rejected(RejectionCode code, String detail) {
    return new Decoded(null, new Rejection(code, detail, null));
  }
}
