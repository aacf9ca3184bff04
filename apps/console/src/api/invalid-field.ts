import { RequestFailure } from '@pipeline/platform';

/** The answer 400 for one field that broke a rule which its type cannot express. */
export function invalidField(field: string, rule: string, message: string): RequestFailure {
  return new RequestFailure({
    status: 400,
    code: 'INVALID_REQUEST',
    message,
    fields: [{ field, rule, message }],
  });
}
