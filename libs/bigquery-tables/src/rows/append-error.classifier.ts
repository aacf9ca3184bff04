import { classifyCloudError, GRPC_STATUS, type CloudError } from '@pipeline/google-clients';
import type { AppendFailure } from './append-channel.port.js';

/**
 * The meaning of a failed append. `missing`: BigQuery's writers do not know the table. `mismatch`: they know it with other
 * columns than the request's. Both are normal for minutes after a change. `error`: anything else.
 */
export type AppendProblem =
  | { readonly kind: 'missing'; readonly message: string }
  | { readonly kind: 'mismatch'; readonly message: string }
  | { readonly kind: 'error'; readonly error: CloudError };

const MISSING = new Set(['TABLE_NOT_FOUND', 'STREAM_NOT_FOUND']);
const MISMATCH = 'SCHEMA_MISMATCH_EXTRA_FIELDS';
/** Wordings of INVALID_ARGUMENT. Source: Storage Write API best practices and client libraries, read 2026-11-23. */
const MISMATCH_WORDS = /schema mismatch|extra fields? in user schema|mismatched with bigquery field/i;

/**
 * Classifies refusals of the Storage Write API.
 *
 * Shape: `{status: 3, storageError: 'SCHEMA_MISMATCH_EXTRA_FIELDS'}` → mismatch; `{status: 5}` → missing;
 * `{status: 8}` → RATE_LIMITED, transient.
 * Source: google/cloud/bigquery/storage/v1/storage.proto (StorageError), read 2026-11-23.
 */
export function classifyAppendFailure(failure: AppendFailure, tableId: string): AppendProblem {
  const { status, message, storageError } = failure;
  if (storageError !== null && MISSING.has(storageError)) return { kind: 'missing', message };
  if (storageError === MISMATCH) return { kind: 'mismatch', message };
  if (status === GRPC_STATUS.INVALID_ARGUMENT && MISMATCH_WORDS.test(message))
    return { kind: 'mismatch', message };
  const error = classifyCloudError({ code: status, message }, { tableId });
  return error.code === 'TABLE_NOT_FOUND' ? { kind: 'missing', message } : { kind: 'error', error };
}
