/**
 * A receiver of messages: one streaming pull, one pull call, one push window.
 *
 * `maxMessages` and `maxBytes` bound what is outstanding at once; 0 or less means no bound.
 */
export class Consumer {
  outstandingMessages = 0;
  outstandingBytes = 0;

  constructor(
    readonly maxMessages = 0,
    readonly maxBytes = 0,
  ) {}

  hasRoom(): boolean {
    return (
      (this.maxMessages <= 0 || this.outstandingMessages < this.maxMessages) &&
      (this.maxBytes <= 0 || this.outstandingBytes < this.maxBytes)
    );
  }

  took(bytes: number): void {
    this.outstandingMessages += 1;
    this.outstandingBytes += bytes;
  }

  released(bytes: number): void {
    this.outstandingMessages -= 1;
    this.outstandingBytes -= bytes;
  }
}
