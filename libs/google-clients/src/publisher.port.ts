/** A message to publish. */
export interface OutgoingMessage {
  readonly data: Uint8Array;
  readonly attributes: Readonly<Record<string, string>>;
}

/** Publishes to one topic. */
export interface Publisher {
  /**
   * Resolves to the id that Pub/Sub gave, once Pub/Sub has stored the message.
   *
   * @throws CloudError, classified
   */
  publish(message: OutgoingMessage): Promise<string>;
  close(): Promise<void>;
}
