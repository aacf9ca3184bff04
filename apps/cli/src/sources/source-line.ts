/** One event of a source, before it has a number. */
export interface SourceEvent {
  /** The event as it is published; of lines, as they are in the source: nothing is decoded on the way. */
  readonly bytes: Buffer;
  /** Of a message that the source holds with its attributes. */
  readonly attributes?: Readonly<Record<string, string>>;
  /** The message that the event was before, if the source says so. */
  readonly original?: OriginalMessage;
}

export interface OriginalMessage {
  readonly messageId: string;
  /** RFC 3339; null if the source does not have it. */
  readonly publishedAt: string | null;
}

/** One line of a source, one element of a JSON array, or one record of an Avro or CSV file. */
export interface SourceLine extends SourceEvent {
  readonly source: string;
  /** Number of the line or element, from 1 over all sources; the head of a CSV file has none. */
  readonly number: number;
}
