/** How many push requests may be open at once; the service begins with few. */
const INITIAL = 8;
const MAXIMUM = 256;

/**
 * The window of a push subscription: one more per success, one less per failure, never less than it began with.
 *
 * Pub/Sub's own window doubles from round to round while deliveries succeed, shrinks with failures, and does not fall
 * below 3,000 once it has come so far: a subscriber that refuses some messages for minutes still gets the others.
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
    this.size = isSuccess ? Math.min(MAXIMUM, this.size + 1) : Math.max(INITIAL, this.size - 1);
  }
}
