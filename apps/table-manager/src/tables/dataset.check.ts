import { Inject, Injectable } from '@nestjs/common';
import { TABLE_STORE, type TableStore } from '@pipeline/bigquery-tables';
import { CloudError } from '@pipeline/google-clients';
import type { CheckOutcome, HealthCheck } from '@pipeline/platform';
import { TOO_LATE, untilDeadline } from '../intake/deadline.js';
import { SetupWatch } from './setup-watch.js';

interface Failure {
  readonly code: string;
  readonly message: string;
}

/** Less than a health check may take, so that a slow answer is not reported as a missing dataset. */
const ANSWER_MS = 2_500;
/** A probe of Cloud Run waits one second: once the dataset was seen, the outcome before answers for one that takes longer. */
const PROMPT_MS = 500;
/** Health checks need no token, so they must not become calls to BigQuery at any rate. */
const CACHED_MS = 2_000;

/**
 * Checks that the dataset exists and may be read; the message says what to create or grant.
 *
 * `down` only until the dataset was seen once: BigQuery being slow takes no instance away, because most events need no
 * call to it. Callers share one call, a good answer for two seconds, and the outcome before while a call takes longer than
 * half a second. Problems that only an attempt shows (a missing
 * permission to change tables, a missing history table) are `degraded` until an attempt succeeds.
 */
@Injectable()
export class DatasetCheck implements HealthCheck {
  readonly name = 'dataset';
  readonly #store: Pick<TableStore, 'checkDataset'>;
  readonly #setup: Pick<SetupWatch, 'problem'>;
  #seenAtMs: number | null = null;
  #last: Failure | null = null;
  #call: Promise<Failure | null> | null = null;

  constructor(
    @Inject(TABLE_STORE) store: Pick<TableStore, 'checkDataset'>,
    @Inject(SetupWatch) setup: Pick<SetupWatch, 'problem'>,
  ) {
    this.#store = store;
    this.#setup = setup;
  }

  async check(): Promise<CheckOutcome> {
    const isRecent = this.#seenAtMs !== null && Date.now() < this.#seenAtMs + CACHED_MS;
    const failure = isRecent ? null : await this.#promptly(this.#share());
    if (failure !== null) {
      return { kind: this.#seenAtMs === null ? 'down' : 'degraded', ...failure };
    }
    const { problem } = this.#setup;
    return problem === null
      ? { kind: 'up' }
      : { kind: 'degraded', code: problem.code, message: `setup: ${problem.remedy}` };
  }

  async #promptly(call: Promise<Failure | null>): Promise<Failure | null> {
    if (this.#seenAtMs === null) return call;
    const failure = await untilDeadline(call, Date.now() + PROMPT_MS);
    return failure === TOO_LATE ? this.#last : failure;
  }

  #share(): Promise<Failure | null> {
    this.#call ??= this.#failure().then((failure) => {
      this.#call = null;
      this.#last = failure;
      return failure;
    });
    return this.#call;
  }

  async #failure(): Promise<Failure | null> {
    try {
      const answer = await untilDeadline(this.#store.checkDataset(), Date.now() + ANSWER_MS);
      if (answer === TOO_LATE) {
        const message = `BigQuery did not answer within ${ANSWER_MS} ms`;
        throw new CloudError({ service: 'BigQuery', code: 'UNAVAILABLE', message });
      }
      this.#seenAtMs = Date.now();
      return null;
    } catch (cause) {
      const { code, disposition, message } = CloudError.from(cause);
      return { code, message: `${disposition}: ${message}` };
    }
  }
}
