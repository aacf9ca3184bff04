import { BigqueryError, type ErrorProto } from '../rules/api-error.js';

/** A record that a load job cannot take, and the file that it is in (`gs://…`; `undefined` for an upload). */
export interface BadRecord {
  readonly message: string;
  readonly file: string | undefined;
}

/** A load job that loaded nothing because of its records; `details` follow in the job's `errors`. */
export class LoadFailure extends BigqueryError {
  constructor(
    message: string,
    readonly details: readonly ErrorProto[],
    location?: string,
  ) {
    super({ reason: 'invalid', message, ...(location === undefined ? {} : { location }) });
  }
}

const PREFIX = 'Error while reading data, error message:';
const MAX_DETAILS = 5;

/**
 * The failure of a job with more bad records than it allows.
 *
 * Shape: `errors` of the job are this message, then one entry per record, at most five.
 * Source: the words are those of answers quoted in public (cloud.google.com/bigquery/docs/error-messages names the reason
 * only), so clients must not rely on them.
 */
export function tooManyBadRecords(
  format: string,
  bad: readonly BadRecord[],
  counts: { readonly rows: number; readonly errors: number },
): LoadFailure {
  const table = { AVRO: 'Avro', CSV: 'CSV' }[format] ?? 'JSON';
  const message = `${PREFIX} ${table} table encountered too many errors, giving up. Rows: ${counts.rows}; errors: ${counts.errors}. Please look into the errors[] collection for more details.`;
  return new LoadFailure(message, bad.slice(0, MAX_DETAILS).map(badRecordProto), bad[0]?.file);
}

/** The entry of one bad record in a job's `errors`. */
export function badRecordProto({ message, file }: BadRecord): ErrorProto {
  return {
    reason: 'invalid',
    ...(file === undefined ? {} : { location: file }),
    message: `${PREFIX} ${message}`,
  };
}

/** A file that cannot be read as a whole, for example no Avro container. */
export function unreadable(what: string, file: string | undefined): LoadFailure {
  return new LoadFailure(`${PREFIX} ${what}`, [], file);
}
