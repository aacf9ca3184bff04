/**
 * Bounds the bytes of request bodies that a service holds at one time.
 *
 * Bytes count as they arrive, so a body that was announced and never sent holds nothing. A caller that is known by its
 * account gets at most half of the room. A body that is larger than its room is admitted if it is alone.
 */
export class InFlight {
  readonly maxBytes: number;
  readonly #bytesByCaller = new Map<string, number>();
  #bytes = 0;
  #requests = 0;

  constructor(maxBytes: number) {
    this.maxBytes = maxBytes;
  }

  get bytes(): number {
    return this.#bytes;
  }

  get requests(): number {
    return this.#requests;
  }

  /**
   * Admits a request if the announced length would fit now; null if not.
   * @param caller account of the caller; null if unknown
   */
  enter(announcedBytes: number, caller: string | null = null): HeldBody | null {
    if (!this.#hasRoom(announcedBytes, 0, caller)) {
      return null;
    }
    this.#requests++;
    return new HeldBody(this, caller);
  }

  /** @internal called by {@link HeldBody} with the bytes that its body holds so far */
  grow(bytes: number, ownBytes: number, caller: string | null): boolean {
    if (!this.#hasRoom(bytes, ownBytes, caller)) {
      return false;
    }
    this.#add(bytes, caller);
    return true;
  }

  /** @internal called by {@link HeldBody} */
  leave(bytes: number, caller: string | null): void {
    this.#requests--;
    this.#add(-bytes, caller);
  }

  #add(bytes: number, caller: string | null): void {
    this.#bytes += bytes;
    if (caller === null) return;
    const held = (this.#bytesByCaller.get(caller) ?? 0) + bytes;
    if (held > 0) this.#bytesByCaller.set(caller, held);
    else this.#bytesByCaller.delete(caller);
  }

  /** @param ownBytes bytes that the body holds already: they are not another's */
  #hasRoom(bytes: number, ownBytes: number, caller: string | null): boolean {
    if (this.#bytes > ownBytes && this.#bytes + bytes > this.maxBytes) return false;
    if (caller === null) return true;
    const held = this.#bytesByCaller.get(caller) ?? 0;
    return held === ownBytes || held + bytes <= this.maxBytes / 2;
  }
}

/** The bytes that one request holds. */
export class HeldBody {
  readonly #inFlight: InFlight;
  readonly #caller: string | null;
  #bytes = 0;
  #hasLeft = false;

  constructor(inFlight: InFlight, caller: string | null) {
    this.#inFlight = inFlight;
    this.#caller = caller;
  }

  /** Counts bytes that arrived. @returns false if there is no room for them; then everything is released */
  add(bytes: number): boolean {
    if (this.#hasLeft || !this.#inFlight.grow(bytes, this.#bytes, this.#caller)) {
      this.leave();
      return false;
    }
    this.#bytes += bytes;
    return true;
  }

  leave(): void {
    if (this.#hasLeft) return;
    this.#hasLeft = true;
    this.#inFlight.leave(this.#bytes, this.#caller);
  }
}
