/**
 * How much of a service's memory requests may take at one time, by the bytes of their bodies.
 *
 * What a body becomes (text, objects, rows) takes several times its bytes; the limit is for the bodies alone.
 */
export class InFlight {
  #bytes = 0;
  #requests = 0;

  constructor(readonly maxBytes: number) {}

  get bytes(): number {
    return this.#bytes;
  }

  get requests(): number {
    return this.#requests;
  }

  /** @returns whether there is room. A body larger than the limit itself is let in when it is alone. */
  enter(bytes: number): boolean {
    if (!this.#hasRoom(bytes)) {
      return false;
    }
    this.#requests++;
    this.#bytes += bytes;
    return true;
  }

  /** More of a body whose length nobody told. */
  grow(bytes: number): boolean {
    if (!this.#hasRoom(bytes)) {
      return false;
    }
    this.#bytes += bytes;
    return true;
  }

  leave(bytes: number): void {
    this.#requests--;
    this.#bytes -= bytes;
  }

  #hasRoom(bytes: number): boolean {
    return this.#bytes === 0 || this.#bytes + bytes <= this.maxBytes;
  }
}
