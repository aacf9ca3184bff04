package io.pipeline.dataflow.json;

/** The closed set of reasons why a message does not become a row, in the order of the checks. */
public enum RejectionCode {
  /** The attribute content-encoding is gzip, but the data is not gzip to its last byte. */
  NOT_DECOMPRESSIBLE,
  /** The data is not UTF-8. */
  NOT_UTF8,
  /** More than 100 levels of brackets, in JSON or not. */
  TOO_DEEP,
  /** The text is not exactly one JSON value. */
  NOT_JSON,
  /** A key occurs twice in one object: either choice would lose a value. */
  DUPLICATE_KEY,
  /** A key holds half a surrogate pair. */
  KEY_NOT_UNICODE,
  /** The data, or a CloudEvent's data, is not an object. */
  NOT_AN_OBJECT,
  /** No configured source of the event type is present. */
  EVENT_TYPE_MISSING,
  /** The type is not a string, too long, without letter and digit, or not Unicode. */
  EVENT_TYPE_INVALID,
  /**
   * More than 250,000 values or 20 MB unpacked; or, found after fitting, a row larger than one
   * append takes.
   */
  TOO_LARGE
}
