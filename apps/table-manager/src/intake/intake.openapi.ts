import type { OpenAPIObject } from '@nestjs/swagger';
import { exampleFailure, examplePush } from './intake.examples.js';

type PathItem = OpenAPIObject['paths'][string];
type Response = NonNullable<PathItem['get']>['responses'][string];

/** OpenAPI of `POST /`, which is a bare route and has no controller. */
export const INTAKE_PATH: PathItem = {
  post: {
    operationId: 'PushRoute_handle',
    tags: ['Events'],
    summary: 'Handles one message: Eventarc, structured CloudEvent, wrapped or unwrapped push',
    description:
      'Acknowledged once the outcome is durable. In `direct` mode the message is a row, or a dead letter with its reason. ' +
      'In `dataflow` mode its table has a column for every value, or the job dead-letters it.',
    requestBody: {
      required: true,
      content: {
        'application/json': { schema: { type: 'object' }, example: examplePush() },
        'application/cloudevents+json': { schema: { type: 'object' } },
        'application/octet-stream': { schema: { type: 'string', format: 'binary' } },
      },
    },
    responses: {
      204: { description: 'Acknowledged' },
      401: failure('No valid OIDC token, although one is required', 'TOKEN_MISSING'),
      403: failure('The account of the token may not call this route', 'ACCOUNT_NOT_ALLOWED'),
      413: failure('Longer than any Pub/Sub message', 'BODY_TOO_LARGE'),
      429: failure(
        'Too many request bytes in flight; retry after Retry-After seconds',
        'TOO_MANY_BYTES_IN_FLIGHT',
      ),
      503: failure('Not handled yet; redeliver it. The body has the reason', 'DATASET_NOT_FOUND'),
    },
  },
};

function failure(description: string, code: Parameters<typeof exampleFailure>[0]): Response {
  return {
    description,
    content: { 'application/json': { schema: { type: 'object' }, example: exampleFailure(code) } },
  };
}
