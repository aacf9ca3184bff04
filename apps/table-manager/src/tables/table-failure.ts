import { CloudError } from '@pipeline/google-clients';
import { RequestFailure } from '@pipeline/platform';

/** Converts a failure of BigQuery: 400 if the request is at fault, else 503. */
export function toRequestFailure(cause: unknown): RequestFailure {
  const { code, message, disposition } = CloudError.from(cause);
  const status = disposition === 'permanent' ? 400 : 503;
  return new RequestFailure({ status, code, message, details: { disposition }, cause });
}

export function tableNotFound(table: string): RequestFailure {
  return new RequestFailure({
    status: 404,
    code: 'TABLE_NOT_FOUND',
    message: `The table ${table} does not exist`,
  });
}
