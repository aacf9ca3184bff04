/**
 * An amount of money in whole cents, so that sums are exact.
 *
 * JSON always has two decimals (`100.00`, not `100`), because the literal of a column's first value decides its type:
 * an amount is NUMERIC even if the first one is whole.
 */
export class Money {
  constructor(readonly cents: number) {
    if (!Number.isSafeInteger(cents) || cents < 0) {
      throw new RangeError(`An amount is a whole, non-negative number of cents, not ${cents}`);
    }
  }

  times(quantity: number): Money {
    return new Money(this.cents * quantity);
  }

  plus(other: Money): Money {
    return new Money(this.cents + other.cents);
  }

  /** Shape: 9999 cents → `99.99`; 10000 cents → `100.00`. */
  toLiteral(): string {
    const digits = String(this.cents).padStart(3, '0');
    return `${digits.slice(0, -2)}.${digits.slice(-2)}`;
  }
}
