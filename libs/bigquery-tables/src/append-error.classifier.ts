import type { AppendFailure } from './append-channel.port.js';
import { TableError, type TableErrorCode } from './table.errors.js';

/**
 * What a failed append means. `missing`: its writers do not know the table. `mismatch`: they know it with other columns
 * than the request's. Both are normal for minutes after a change. `error`: anything else.
 */
export type AppendProblem =
  | { readonly kind: 'missing'; readonly message: string }
  | { readonly kind: 'mismatch'; readonly message: string }
  | { readonly kind: 'error'; readonly error: TableError };

/** gRPC status codes by number. Source: grpc.io status codes, read 2026-11-23. */
export const INVALID_ARGUMENT = 3;
export const DEADLINE_EXCEEDED = 4;
const NOT_FOUND = 5;
const PERMISSION_DENIED = 7;
export const UNAVAILABLE = 14;

/**
 * What is not here (UNKNOWN, FAILED_PRECONDITION, UNIMPLEMENTED …) is `UNEXPECTED` and tried again: a server that
 * cannot do it is no fault of the row.
 */
const BY_STATUS: Readonly<Record<number, TableErrorCode>> = {
  1: 'UNAVAILABLE',
  3: 'INVALID',
  4: 'UNAVAILABLE',
  7: 'PERMISSION_DENIED',
  8: 'RATE_LIMITED',
  10: 'UNAVAILABLE',
  11: 'INVALID',
  13: 'UNAVAILABLE',
  14: 'UNAVAILABLE',
  16: 'UNAUTHENTICATED',
};

const MISSING = new Set(['TABLE_NOT_FOUND', 'STREAM_NOT_FOUND']);
const MISMATCH = 'SCHEMA_MISMATCH_EXTRA_FIELDS';
/** Wordings of INVALID_ARGUMENT. Source: Storage Write API best practices and client libraries, read 2026-11-23. */
const MISMATCH_WORDS = /schema mismatch|extra fields? in user schema|mismatched with bigquery field/i;
const TOO_LARGE_WORDS = /request (?:is )?too large|exceeds? .*\b(?:size|limit)|larger than max/i;

/**
 * The one place that knows how the Storage Write API says no.
 *
 * Shape: `{status: 3, storageError: 'SCHEMA_MISMATCH_EXTRA_FIELDS'}` → mismatch; `{status: 5}` → missing;
 * `{status: 8}` → RATE_LIMITED, transient.
 * Source: google/cloud/bigquery/storage/v1/storage.proto (StorageError), read 2026-11-23.
 */
export function classifyAppendFailure(failure: AppendFailure, tableId: string): AppendProblem {
  const { status, message, storageError } = failure;
  if (storageError !== null && MISSING.has(storageError)) return { kind: 'missing', message };
  if (storageError === MISMATCH) return { kind: 'mismatch', message };
  if (status === INVALID_ARGUMENT && MISMATCH_WORDS.test(message)) return { kind: 'mismatch', message };
  if (status === NOT_FOUND && !/dataset|project/i.test(entityless(message)))
    return { kind: 'missing', message };
  return { kind: 'error', error: new TableError({ code: codeOf(failure), message, tableId }) };
}

function codeOf({ status, message }: AppendFailure): TableErrorCode {
  if (status === NOT_FOUND)
    return /dataset/i.test(entityless(message)) ? 'DATASET_NOT_FOUND' : 'PROJECT_NOT_FOUND';
  if (status === PERMISSION_DENIED && /has not been used in project|is disabled/i.test(message))
    return 'API_DISABLED';
  if (status === INVALID_ARGUMENT && TOO_LARGE_WORDS.test(message)) return 'REQUEST_TOO_LARGE';
  if (/default credentials|invalid_grant|invalid_client/i.test(message)) return 'UNAUTHENTICATED';
  return BY_STATUS[status] ?? 'UNEXPECTED';
}

/** Without the name of the stream, which holds the words "projects" and "datasets" in any case. */
function entityless(message: string): string {
  return message.replace(/projects\/\S+/g, '');
}
