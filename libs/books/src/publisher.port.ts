/** A message to publish. */
export interface OutgoingMessage {
  readonly data: Uint8Array;
  readonly attributes: Readonly<Record<string, string>>;
}

/** Publishes to one topic. */
export interface Publisher {
  /**
   * @returns the id that Pub/Sub gave, once it has the message
   * @throws BooksError `TOPIC_NOT_FOUND`, `PERMISSION_DENIED`, or `PUBLISH_FAILED`
   */
  publish(message: OutgoingMessage): Promise<string>;
  close(): Promise<void>;
}
