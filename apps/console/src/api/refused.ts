import { RequestFailure } from '@pipeline/platform';

/** The answer 422: the request is valid, and what it asks for is refused. The message has the remedy. */
export function refused(code: string, message: string): RequestFailure {
  return new RequestFailure({ status: 422, code, message });
}
