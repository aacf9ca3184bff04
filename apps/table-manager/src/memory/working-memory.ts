import { isGzip, MAX_UNPACKED_BYTES, type EventSource } from '@pipeline/schema-inference';

/** An event below this size is not weighed: a hundred of them at a time take a few tens of megabytes. */
const LIGHT_BYTES = 4 * 1024;
/** Text, parsed values and row, for each byte of an event. Measured: docs/MEMORY.md. */
const BYTES_PER_BYTE = 8;
/** Exact tree, overflow and row, for each value of an event. Measured: docs/MEMORY.md. */
const BYTES_PER_VALUE = 400;
/** An event of more values is rejected before anything is made of it. */
const MAX_VALUES = 250_000;
/** Bytes that one byte of gzip unpacks to at most. Source: zlib technical details, maximum compression factor. */
const MAX_GZIP_RATIO = 1_032;

const [COMMA, COLON, BRACKET, BRACE] = [0x2c, 0x3a, 0x5b, 0x7b];

/** Returns true for an event that is not weighed. */
export function isLight({ data, attributes }: EventSource): boolean {
  return data.byteLength < LIGHT_BYTES && !isGzip(attributes);
}

/**
 * Weighs an event: the most memory that handling it takes at one time, in bytes; 0 for a light one.
 *
 * Every value but the first follows a comma, a colon or an opening bracket, so these are counted, in strings too.
 * Compressed data weighs as much as the largest event that it can unpack to: every value but the first takes two bytes.
 */
export function weigh({ data, attributes }: EventSource): number {
  if (isGzip(attributes)) {
    const bytes = Math.min(data.byteLength * MAX_GZIP_RATIO, MAX_UNPACKED_BYTES);
    return toMemory(bytes, Math.min(Math.ceil(bytes / 2), MAX_VALUES));
  }
  if (data.byteLength < LIGHT_BYTES) return 0;
  let values = 1;
  for (const byte of data) {
    if (byte === COMMA || byte === COLON || byte === BRACKET || byte === BRACE) values++;
  }
  return toMemory(data.byteLength, Math.min(values, MAX_VALUES));
}

function toMemory(bytes: number, values: number): number {
  return bytes * BYTES_PER_BYTE + values * BYTES_PER_VALUE;
}

interface Waiter {
  readonly bytes: number;
  readonly start: () => void;
}

/**
 * Bounds the memory of the events that are handled at one time. Others wait, in the order in which they came; an event
 * heavier than the limit is admitted if it is alone.
 */
export class WorkingMemory {
  readonly #maxBytes: number;
  readonly #waiting: Waiter[] = [];
  #bytes = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** Memory of the events that are being handled. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Runs the work once there is room. @returns null if there was none within `waitMs`; then nothing was done */
  async run<T>(bytes: number, waitMs: number, work: () => Promise<T>): Promise<T | null> {
    if (!(await this.#admit(bytes, waitMs))) return null;
    try {
      return await work();
    } finally {
      this.#bytes -= bytes;
      this.#startWaiting();
    }
  }

  #admit(bytes: number, waitMs: number): Promise<boolean> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => {
        this.#waiting.splice(this.#waiting.indexOf(waiter), 1);
        resolve(false);
        this.#startWaiting();
      }, waitMs);
      const waiter: Waiter = {
        bytes,
        start: () => {
          clearTimeout(timer);
          this.#bytes += bytes;
          resolve(true);
        },
      };
      this.#waiting.push(waiter);
      this.#startWaiting();
    });
  }

  #startWaiting(): void {
    for (let [next] = this.#waiting; next !== undefined; [next] = this.#waiting) {
      if (this.#bytes > 0 && this.#bytes + next.bytes > this.#maxBytes) return;
      this.#waiting.shift();
      next.start();
    }
  }
}
