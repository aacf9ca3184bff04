/** How many push requests may be open at once; the service begins small and grows with success. */
const INITIAL = 8;
const MAXIMUM = 256;

/**
 * The window of a push subscription: one more per success, halved by a failure, never below one.
 *
 * Source: https://cloud.google.com/pubsub/docs/push#flow_control (slow start), read 2026-11-22; the numbers are ours.
 */
export class PushWindow {
  private size = INITIAL;
  private open = 0;

  get room(): number {
    return Math.max(0, Math.floor(this.size) - this.open);
  }

  began(): void {
    this.open += 1;
  }

  ended(isSuccess: boolean): void {
    this.open -= 1;
    this.size = isSuccess ? Math.min(MAXIMUM, this.size + 1) : Math.max(1, this.size / 2);
  }
}
