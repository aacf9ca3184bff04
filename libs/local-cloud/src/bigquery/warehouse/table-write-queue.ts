/** Runs tasks one after the other; a failed task does not stop the next. */
export class SerialQueue {
  #tail: Promise<unknown> = Promise.resolve();

  run<T>(task: () => Promise<T>): Promise<T> {
    const result = this.#tail.then(task);
    this.#tail = result.catch(() => undefined);
    return result;
  }
}

interface AppendEntry<Request, Reply> {
  readonly request: Request;
  readonly resolve: (reply: Reply) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * The one write queue of a table: changes run alone, appends that wait beside each other run as one batch.
 *
 * Invariant: order of arrival is kept; no append overlaps a change of the same table.
 */
export class TableWriteQueue<Request, Reply> {
  readonly #queue = new SerialQueue();
  #open: AppendEntry<Request, Reply>[] | undefined;

  /** `appendBatch` answers one reply per request, in order. */
  constructor(readonly appendBatch: (requests: readonly Request[]) => Promise<readonly Reply[]>) {}

  change<T>(task: () => Promise<T>): Promise<T> {
    this.#open = undefined;
    return this.#queue.run(task);
  }

  append(request: Request): Promise<Reply> {
    return new Promise<Reply>((resolve, reject) => {
      const entry = { request, resolve, reject };
      if (this.#open !== undefined) {
        this.#open.push(entry);
        return;
      }
      const batch = [entry];
      this.#open = batch;
      void this.#queue.run(() => this.#flush(batch));
    });
  }

  async #flush(batch: readonly AppendEntry<Request, Reply>[]): Promise<void> {
    if (this.#open === batch) this.#open = undefined;
    try {
      const replies = await this.appendBatch(batch.map((entry) => entry.request));
      batch.forEach((entry, index) => {
        const reply = replies[index];
        if (reply === undefined) entry.reject(new Error('An append got no reply.'));
        else entry.resolve(reply);
      });
    } catch (error) {
      for (const entry of batch) entry.reject(error);
    }
  }
}
