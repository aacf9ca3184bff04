/**
 * An amount of money in whole cents, so that sums are exact.
 *
 * It is written into JSON with two decimals always (`100.00`, not `100`): the literal of a column's first value
 * decides its type, and an amount is NUMERIC whether or not the first one happens to be whole.
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
