/** The next statement would exceed what a table may cost a day. */
export class SpendingError extends Error {
  constructor(
    readonly wantedBytes: number,
    readonly leftBytes: number,
  ) {
    super(
      `The next statement reads ${wantedBytes} bytes and ${leftBytes} are left of the table's limit for the day: ` +
        'raise PROMOTION_MAX_BYTES, or wait for the next day',
    );
    this.name = 'SpendingError';
  }
}

/** The bytes that the promotion of one table has processed on one day, and their limit. */
export class Spending {
  constructor(
    readonly maxBytes: number,
    private spentBytes: number,
  ) {}

  add(bytes: number): void {
    this.spentBytes += bytes;
  }

  /** @throws SpendingError if the bytes are more than what is left */
  require(bytes: number): void {
    const leftBytes = Math.max(0, this.maxBytes - this.spentBytes);
    if (bytes > leftBytes) throw new SpendingError(bytes, leftBytes);
  }
}
