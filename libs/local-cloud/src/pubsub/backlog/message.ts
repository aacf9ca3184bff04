/**
 * A published message as every subscription of its topic shares it; never changed after publishing.
 *
 * Shape: `id` is the message id as a number that grows with every publish, so it is also the order of publishing.
 * Units: `publishTimeMs` in milliseconds since the epoch, `bytes` as Pub/Sub counts them (data, keys and values).
 */
export interface StoredMessage {
  readonly id: number;
  readonly publishTimeMs: number;
  readonly data: Uint8Array;
  readonly attributes: Readonly<Record<string, string>>;
  readonly orderingKey: string;
  readonly bytes: number;
}
