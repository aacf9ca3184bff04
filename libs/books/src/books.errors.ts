/** What goes wrong with the books themselves; everything of BigQuery's is a `TableError`. */
export type BooksErrorCode =
  | 'TOO_MANY_TABLES'
  | 'TOO_EXPENSIVE'
  | 'NO_SUCH_TABLE'
  | 'PUBLISH_FAILED'
  | 'TOPIC_NOT_FOUND'
  | 'PERMISSION_DENIED';

/** The books could not be taken. The message says what to do, and holds no value of an event. */
export class BooksError extends Error {
  readonly code: BooksErrorCode;

  constructor(options: { code: BooksErrorCode; message: string; cause?: unknown }) {
    super(options.message, { cause: options.cause });
    this.name = 'BooksError';
    this.code = options.code;
  }
}
