import { CloudError } from '@pipeline/google-clients';
import { RequestFailure } from '@pipeline/platform';

/** BigQuery's failure as an answer: 400 where the request is at fault, else 503. */
export function toRequestFailure(cause: unknown): RequestFailure {
  const { code, message, disposition } = CloudError.from(cause);
  const status = disposition === 'permanent' ? 400 : 503;
  return new RequestFailure({ status, code, message, details: { disposition }, cause });
}

export function tableNotFound(table: string): RequestFailure {
  return new RequestFailure({ status: 404, code: 'TABLE_NOT_FOUND', message: `There is no table ${table}` });
}
