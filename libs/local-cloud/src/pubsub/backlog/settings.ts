/** Delivery settings of a subscription; times in milliseconds. */
export interface BacklogSettings {
  readonly ackDeadlineMs: number;
  readonly retentionMs: number;
  readonly retainAcked: boolean;
  readonly ordered: boolean;
  readonly exactlyOnce: boolean;
  /** Wait after a failed delivery: minimum, doubled with each attempt, up to maximum. Null: deliver again at once. */
  readonly retry: { readonly minimumMs: number; readonly maximumMs: number } | null;
  /** After this many failed deliveries the message becomes a dead letter; null: never. */
  readonly maxDeliveryAttempts: number | null;
}

/** The wait before the next delivery after `attempts` failed ones. */
export function retryDelayMs(retry: BacklogSettings['retry'], attempts: number): number {
  if (retry === null) return 0;
  return Math.min(retry.maximumMs, retry.minimumMs * 2 ** Math.min(attempts - 1, 40));
}
