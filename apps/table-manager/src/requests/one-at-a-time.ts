import { RequestFailure } from '@pipeline/platform';

const RETRY_AFTER_SECONDS = '30';

/** Work of which this process does one piece at a time, because each piece reads many rows. */
export class OneAtATime {
  readonly #code: string;
  readonly #busy: string;
  #isRunning = false;

  /** @param busy says what is running: `An audit is running` */
  constructor(code: string, busy: string) {
    this.#code = code;
    this.#busy = busy;
  }

  /** @throws RequestFailure 429 with Retry-After while other work runs */
  async run<T>(work: () => Promise<T>): Promise<T> {
    if (this.#isRunning) {
      throw new RequestFailure({
        status: 429,
        code: this.#code,
        message: `${this.#busy}; retry after ${RETRY_AFTER_SECONDS} s`,
        headers: { 'retry-after': RETRY_AFTER_SECONDS },
      });
    }
    this.#isRunning = true;
    try {
      return await work();
    } finally {
      this.#isRunning = false;
    }
  }
}
