import { BigqueryError, messageOf, RESOURCES_EXCEEDED } from './api-error.js';

/** The memory of the server did not suffice; other statements may hold it. */
export class OutOfMemory extends BigqueryError {
  constructor(shortage: string, cause?: unknown) {
    super({ reason: 'resourcesExceeded', message: `${RESOURCES_EXCEEDED} ${shortage}`, cause });
  }

  /** The error of a memory shortage, DuckDB's own included; `undefined` for any other failure. */
  static of(error: unknown): OutOfMemory | undefined {
    if (error instanceof OutOfMemory) return error;
    if (!messageOf(error).startsWith('Out of Memory')) return undefined;
    return new OutOfMemory(
      'the query needs more memory than this server gives it. `npm run local-cloud -- --query-memory <MiB>` gives more.',
      error,
    );
  }
}
