/**
 * Asynchronous work with a limit of concurrency.
 *
 * A failure is kept until it is asked for: a promise that rejects without a handler would end the process.
 */
export class InFlight {
  #work: Promise<void>[] = [];
  #failure: { readonly cause: unknown } | null = null;

  constructor(private readonly atMost: number) {}

  /**
   * Starts work, once there is room.
   * @throws what failed before; this work is not started then
   */
  async start(work: () => Promise<unknown>): Promise<void> {
    if (this.#work.length >= this.atMost) await this.end();
    this.throwFailure();
    this.#work.push(
      work().then(
        () => undefined,
        (cause: unknown) => {
          this.#failure ??= { cause };
        },
      ),
    );
  }

  /** Waits until nothing is under way, whether it failed or not. */
  async end(): Promise<void> {
    await Promise.all(this.#work.splice(0));
  }

  /** @throws what failed first; nothing where all went well */
  throwFailure(): void {
    if (this.#failure !== null) throw this.#failure.cause;
  }
}
