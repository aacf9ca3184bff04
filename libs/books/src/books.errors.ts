/** Failures of the books themselves; a failed call to BigQuery or Pub/Sub is a `CloudError`. */
export type BooksErrorCode = 'TOO_EXPENSIVE' | 'NO_SUCH_TABLE' | 'NO_SUCH_COLUMN';

/** The books could not be taken. The message says what to do, and holds no value of an event. */
export class BooksError extends Error {
  readonly code: BooksErrorCode;

  constructor(options: { code: BooksErrorCode; message: string; cause?: unknown }) {
    super(options.message, { cause: options.cause });
    this.name = 'BooksError';
    this.code = options.code;
  }
}
