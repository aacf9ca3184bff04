import type { OpenAPIObject } from '@nestjs/swagger';
import { exampleFailure, examplePush } from './intake.examples.js';

type PathItem = OpenAPIObject['paths'][string];
type Response = NonNullable<PathItem['get']>['responses'][string];

/** What OpenAPI says of `POST /`, which is no controller's. */
export const INTAKE_PATH: PathItem = {
  post: {
    operationId: 'IntakeRoute_take',
    tags: ['Events'],
    summary: 'Take one message: Eventarc, structured CloudEvent, wrapped or unwrapped push',
    description:
      'Acknowledged when the message needs nothing more from here. In `direct` mode it is a row then, or a dead letter ' +
      'with its reason. In `dataflow` mode its table has a column for all of it, or it is none and the job dead-letters it.',
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
      401: failure('No good OIDC token, where one is asked for', 'TOKEN_MISSING'),
      403: failure('A token of an account that may not call', 'ACCOUNT_NOT_ALLOWED'),
      413: failure('Longer than any Pub/Sub message', 'BODY_TOO_LARGE'),
      429: failure(
        'Too much is being worked on: come again after Retry-After seconds',
        'TOO_MANY_BYTES_IN_FLIGHT',
      ),
      503: failure('Not now: deliver it again. The body says why', 'DATASET_NOT_FOUND'),
    },
  },
};

function failure(description: string, code: Parameters<typeof exampleFailure>[0]): Response {
  return {
    description,
    content: { 'application/json': { schema: { type: 'object' }, example: exampleFailure(code) } },
  };
}
