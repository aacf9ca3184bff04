/** First in, first out; amortised constant time, because the head is an index that is compacted now and then. */
export class Fifo<T> {
  private items: (T | undefined)[] = [];
  private head = 0;

  get length(): number {
    return this.items.length - this.head;
  }

  push(item: T): void {
    this.items.push(item);
  }

  peek(): T | undefined {
    return this.items[this.head];
  }

  shift(): T | undefined {
    if (this.head >= this.items.length) return undefined;
    const item = this.items[this.head];
    this.items[this.head] = undefined;
    this.head += 1;
    if (this.head > 1_024 && this.head * 2 > this.items.length) {
      this.items = this.items.slice(this.head);
      this.head = 0;
    }
    return item;
  }

  /** Put an item before all others. */
  unshift(item: T): void {
    if (this.head === 0) {
      this.items.unshift(item);
      return;
    }
    this.head -= 1;
    this.items[this.head] = item;
  }

  clear(): void {
    this.items = [];
    this.head = 0;
  }
}
