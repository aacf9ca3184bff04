import { describe, expect, it } from '@jest/globals';
import { classifyCloudError, type FailedCall } from './cloud-error.classifier.js';
import { CloudError } from './cloud.errors.js';

const PUBSUB: FailedCall = { service: 'Pub/Sub' };

/** An error as the official client makes it from the body of an answer. */
function answer(code: number, reason: string, message: string): Error {
  return Object.assign(new Error(message), { code, errors: [{ domain: 'global', reason, message }] });
}

function system(code: string, message: string): Error {
  return Object.assign(new Error(message), { code });
}

describe('classifyCloudError', () => {
  it.each<[string, unknown, string, string]>([
    [
      'too many metadata updates',
      answer(
        403,
        'rateLimitExceeded',
        'Exceeded rate limits: too many table update operations for this table.',
      ),
      'RATE_LIMITED',
      'transient',
    ],
    ['a user over the rate', answer(429, 'rateLimitExceeded', 'Quota exceeded'), 'RATE_LIMITED', 'transient'],
    [
      '429 without reason',
      Object.assign(new Error('Too Many Requests'), { code: 429 }),
      'RATE_LIMITED',
      'transient',
    ],
    [
      'a spent quota',
      answer(
        403,
        'quotaExceeded',
        'Quota exceeded: Your table exceeded quota for imports or query appends per table.',
      ),
      'QUOTA_EXCEEDED',
      'transient',
    ],
    [
      'no permission',
      answer(
        403,
        'accessDenied',
        'Access Denied: Table p:d.t: Permission bigquery.tables.update denied on table p:d.t (or it may not exist).',
      ),
      'PERMISSION_DENIED',
      'setup',
    ],
    [
      'no right to run statements',
      answer(
        403,
        'accessDenied',
        'Access Denied: Project p: User does not have bigquery.jobs.create permission in project p.',
      ),
      'PERMISSION_DENIED',
      'setup',
    ],
    [
      'a rate limit without reason',
      Object.assign(new Error('Exceeded rate limits: too many table update operations for this table.'), {
        code: 403,
      }),
      'RATE_LIMITED',
      'transient',
    ],
    [
      'too many statements at once',
      answer(403, 'jobRateLimitExceeded', 'Exceeded rate limits: too many concurrent queries'),
      'RATE_LIMITED',
      'transient',
    ],
    [
      'a column that is missing in a patch',
      answer(400, 'invalid', 'Provided Schema does not match Table p:d.t. Field a is missing in new schema'),
      'INVALID',
      'permanent',
    ],
    [
      'a narrower type',
      answer(
        400,
        'invalidQuery',
        'ALTER TABLE ALTER COLUMN SET DATA TYPE requires that the existing column type (NUMERIC) is assignable to the new type (INT64)',
      ),
      'INVALID',
      'permanent',
    ],
    [
      'no billing',
      answer(403, 'billingNotEnabled', 'BigQuery: Streaming insert is not allowed in the free tier'),
      'BILLING_DISABLED',
      'setup',
    ],
    [
      'an API that is off',
      answer(
        403,
        'accessNotConfigured',
        'BigQuery API has not been used in project 1 before or it is disabled.',
      ),
      'API_DISABLED',
      'setup',
    ],
    ['bad credentials', answer(401, 'authError', 'Invalid Credentials'), 'UNAUTHENTICATED', 'setup'],
    [
      'no credentials',
      new Error(
        'Could not load the default credentials. Browse to https://cloud.google.com/docs/authentication',
      ),
      'UNAUTHENTICATED',
      'setup',
    ],
    ['a missing table', answer(404, 'notFound', 'Not found: Table p:d.t'), 'TABLE_NOT_FOUND', 'transient'],
    ['a truncated table', answer(404, 'notFound', 'Table is truncated.'), 'TABLE_NOT_FOUND', 'transient'],
    ['a missing dataset', answer(404, 'notFound', 'Not found: Dataset p:d'), 'DATASET_NOT_FOUND', 'setup'],
    ['a missing project', answer(404, 'notFound', 'Not found: Project p'), 'PROJECT_NOT_FOUND', 'setup'],
    [
      'a lost race to create',
      answer(409, 'duplicate', 'Already Exists: Table p:d.t'),
      'ALREADY_EXISTS',
      'transient',
    ],
    ['a stale etag', answer(412, 'conditionNotMet', 'Precondition check failed.'), 'STALE', 'transient'],
    [
      'a stale etag, other word',
      answer(412, 'preconditionFailed', 'Precondition Failed'),
      'STALE',
      'transient',
    ],
    [
      'a changed type',
      answer(
        400,
        'invalid',
        'Provided Schema does not match Table p:d.t. Field a has changed type from INTEGER to STRING',
      ),
      'INVALID',
      'permanent',
    ],
    [
      'a bad statement',
      answer(400, 'invalidQuery', 'Syntax error: Unexpected identifier'),
      'INVALID',
      'permanent',
    ],
    [
      'a request that is too big',
      answer(413, 'uploadTooLarge', 'Request Entity Too Large'),
      'REQUEST_TOO_LARGE',
      'permanent',
    ],
    [
      'a request that is too big, as 400',
      answer(400, 'badRequest', 'Request payload size exceeds the limit: 10485760 bytes.'),
      'REQUEST_TOO_LARGE',
      'permanent',
    ],
    [
      'an unavailable backend',
      answer(503, 'backendError', 'Visibility check was unavailable.'),
      'UNAVAILABLE',
      'transient',
    ],
    [
      'an internal error',
      answer(500, 'internalError', 'An internal error occurred'),
      'UNAVAILABLE',
      'transient',
    ],
    [
      'a bad gateway in HTML',
      Object.assign(new Error('<html>502</html>'), { code: 502 }),
      'UNAVAILABLE',
      'transient',
    ],
    [
      'a table in the way',
      answer(400, 'resourceInUse', 'Table is being modified'),
      'UNAVAILABLE',
      'transient',
    ],
    ['an unknown operation', answer(501, 'notImplemented', 'Not implemented'), 'UNSUPPORTED', 'permanent'],
    [
      'a refused connection',
      system('ECONNREFUSED', 'connect ECONNREFUSED 127.0.0.1:1'),
      'UNAVAILABLE',
      'transient',
    ],
    ['a reset connection', system('ECONNRESET', 'read ECONNRESET'), 'UNAVAILABLE', 'transient'],
    [
      'a name that does not resolve',
      system('EAI_AGAIN', 'getaddrinfo EAI_AGAIN'),
      'UNAVAILABLE',
      'transient',
    ],
    [
      'a timeout',
      new Error('network timeout at: https://bigquery.googleapis.com/'),
      'UNAVAILABLE',
      'transient',
    ],
    ['an unknown failure', new TypeError('x is not a function'), 'UNEXPECTED', 'transient'],
    ['what is no error', 'oh', 'UNEXPECTED', 'transient'],
    ['nothing', undefined, 'UNEXPECTED', 'transient'],
  ])('knows %s', (_name, cause, code, disposition) => {
    const error = classifyCloudError(cause, { tableId: 't' });

    expect([error.code, error.disposition, error.tableId]).toEqual([code, disposition, 't']);
  });

  it.each<[string, number, string, FailedCall, string, string]>([
    ['a missing topic', 5, '5 NOT_FOUND: Resource not found', PUBSUB, 'TOPIC_NOT_FOUND', 'setup'],
    ['a missing table', 5, 'Requested entity was not found', {}, 'TABLE_NOT_FOUND', 'transient'],
    ['a missing dataset', 5, 'Not found: Dataset p:d', {}, 'DATASET_NOT_FOUND', 'setup'],
    ['a missing stream', 5, 'projects/p/datasets/d/tables/t is gone', {}, 'TABLE_NOT_FOUND', 'transient'],
    ['a topic without permission', 7, 'User not authorized', PUBSUB, 'PERMISSION_DENIED', 'setup'],
    [
      'an API that is off',
      7,
      'Cloud Pub/Sub API has not been used in project 1',
      PUBSUB,
      'API_DISABLED',
      'setup',
    ],
    ['bad credentials', 16, 'invalid token', PUBSUB, 'UNAUTHENTICATED', 'setup'],
    ['a spent quota', 8, 'RESOURCE_EXHAUSTED', PUBSUB, 'RATE_LIMITED', 'transient'],
    ['a slow answer', 4, 'DEADLINE_EXCEEDED', PUBSUB, 'UNAVAILABLE', 'transient'],
    ['a refused message', 3, 'attribute key too long', PUBSUB, 'INVALID', 'permanent'],
    ['a message that is too big', 3, 'Request is too large', PUBSUB, 'REQUEST_TOO_LARGE', 'permanent'],
    ['a status without a rule', 15, 'DATA_LOSS', PUBSUB, 'UNEXPECTED', 'transient'],
  ])('knows %s over gRPC', (_name, status, message, call, code, disposition) => {
    const error = classifyCloudError(Object.assign(new Error(message), { code: status }), call);

    expect([error.code, error.disposition, error.status, error.service]).toEqual([
      code,
      disposition,
      status,
      call.service ?? 'BigQuery',
    ]);
  });

  it('keeps status, reason and words', () => {
    const error = classifyCloudError(answer(409, 'duplicate', 'Already Exists: Table p:d.t'));

    expect(error).toMatchObject({ status: 409, reason: 'duplicate', message: 'Already Exists: Table p:d.t' });
  });

  it('leaves the request with its rows and token behind', () => {
    const cause = Object.assign(answer(500, 'internalError', 'oops'), {
      response: { request: { body: 'secret' } },
    });

    expect(classifyCloudError(cause).cause).not.toHaveProperty('response');
  });

  it('gives back what is classified already', () => {
    const error = new CloudError({ code: 'CONTENDED', message: 'x' });

    expect(classifyCloudError(error)).toBe(error);
  });
});
