package io.pipeline.dataflow.json;

/**
 * The result of decoding a message: exactly one of the two is not null.
 *
 * @param event an event that passed every check
 * @param rejection the reason if the message is not an event
 */
public record Decoded(Event event, Rejection rejection) {
  static Decoded of(Event event) {
    return new Decoded(event, null);
  }

  static Decoded rejected(RejectionCode code, String detail) {
    return new Decoded(null, new Rejection(code, detail, null));
  }
}
