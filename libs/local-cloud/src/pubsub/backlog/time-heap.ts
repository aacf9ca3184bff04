interface Timed<T> {
  readonly atMs: number;
  readonly value: T;
}

/** A binary heap by time: the earliest value first; insert and take cost O(log n). */
export class TimeHeap<T> {
  private readonly items: Timed<T>[] = [];

  get size(): number {
    return this.items.length;
  }

  get nextAtMs(): number | undefined {
    return this.items[0]?.atMs;
  }

  add(atMs: number, value: T): void {
    const item = { atMs, value };
    let index = this.items.push(item) - 1;
    while (index > 0) {
      const parentIndex = (index - 1) >> 1;
      const parent = this.items[parentIndex];
      if (parent === undefined || parent.atMs <= atMs) break;
      this.items[index] = parent;
      index = parentIndex;
    }
    this.items[index] = item;
  }

  /** Remove and return the earliest value that is due at `nowMs`; undefined when none is. */
  takeDue(nowMs: number): T | undefined {
    const first = this.items[0];
    if (first === undefined || first.atMs > nowMs) return undefined;
    const last = this.items.pop();
    if (last !== undefined && this.items.length > 0) this.sink(last);
    return first.value;
  }

  private sink(item: Timed<T>): void {
    const half = this.items.length >> 1;
    let index = 0;
    while (index < half) {
      const leftIndex = index * 2 + 1;
      const left = this.items[leftIndex];
      const right = this.items[leftIndex + 1];
      if (left === undefined) break;
      const useRight = right !== undefined && right.atMs < left.atMs;
      const child = useRight ? right : left;
      if (child.atMs >= item.atMs) break;
      this.items[index] = child;
      index = useRight ? leftIndex + 1 : leftIndex;
    }
    this.items[index] = item;
  }
}
