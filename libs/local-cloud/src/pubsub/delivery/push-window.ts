/** Push requests in flight; the service begins with few. */
const INITIAL = 8;
const MAXIMUM = 1_000;
/** Smallest window after failures if it was larger before. */
const KEPT = 256;

/**
 * The window of a push subscription: one more per success, and, where it is large, one less per failure.
 *
 * Pub/Sub's own window doubles from round to round while deliveries succeed, and falls back to 3,000 requests, not
 * lower, when many fail or are slow: a subscriber that refuses some messages for minutes still gets the others.
 *
 * Source: Pub/Sub, "Push subscriptions", how the delivery rate adapts, from memory; the numbers are ours.
 */
export class PushWindow {
  private size = INITIAL;
  private open = 0;

  get room(): number {
    return Math.max(0, this.size - this.open);
  }

  began(): void {
    this.open += 1;
  }

  ended(isSuccess: boolean): void {
    this.open -= 1;
    if (isSuccess) this.size = Math.min(MAXIMUM, this.size + 1);
    else if (this.size > KEPT) this.size -= 1;
  }
}
