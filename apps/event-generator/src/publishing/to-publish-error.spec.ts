import { describe, expect, it } from '@jest/globals';
import { classifyCloudError, type CloudError } from '@pipeline/google-clients';
import { toPublishError } from './to-publish-error.js';

const TARGET = { project: 'my-project', topic: 'backend-events-topic' };

function grpcError(code: number, message = 'as the server says'): Error {
  return Object.assign(new Error(message), { code });
}

function fromPubsub(cause: unknown): CloudError {
  return classifyCloudError(cause, { service: 'Pub/Sub' });
}

describe('toPublishError', () => {
  it.each([
    [
      'NOT_FOUND',
      grpcError(5),
      'TOPIC_NOT_FOUND',
      'setup',
      'gcloud pubsub topics create backend-events-topic',
    ],
    ['PERMISSION_DENIED', grpcError(7), 'PERMISSION_DENIED', 'setup', 'roles/pubsub.publisher'],
    ['UNAUTHENTICATED', grpcError(16), 'CREDENTIALS_MISSING', 'setup', 'GOOGLE_APPLICATION_CREDENTIALS'],
    [
      'no credentials on the machine',
      new Error('Could not load the default credentials.'),
      'CREDENTIALS_MISSING',
      'setup',
      'PUBSUB_EMULATOR_HOST',
    ],
    ['UNAVAILABLE', grpcError(14), 'UNAVAILABLE', 'transient', 'Retry'],
    ['DEADLINE_EXCEEDED', grpcError(4), 'UNAVAILABLE', 'transient', 'Retry'],
    ['RESOURCE_EXHAUSTED', grpcError(8), 'UNAVAILABLE', 'transient', 'Retry'],
    ['INVALID_ARGUMENT', grpcError(3), 'REFUSED', 'permanent', 'as the server says'],
    ['a status it does not know', grpcError(15), 'FAILED', 'transient', 'as the server says'],
    ['something that is no error', 'text', 'FAILED', 'transient', 'text'],
  ])('reads %s', (_name, cause, code, disposition, hint) => {
    const failure = fromPubsub(cause);
    const error = toPublishError(failure, TARGET);

    expect(error).toMatchObject({ code, disposition, details: TARGET, cause: failure });
    expect(error.message).toContain(hint);
  });

  it('names topic, project and the missing prefix when the topic is not there', () => {
    const { message } = toPublishError(fromPubsub(grpcError(5)), TARGET);

    expect(message).toContain('Topic backend-events-topic does not exist in project my-project');
    expect(message).toContain('no environment prefix');
  });

  it('quotes no more than the beginning of a long message', () => {
    const { message } = toPublishError(fromPubsub(grpcError(3, 'x'.repeat(5_000))), TARGET);

    expect(message.length).toBeLessThan(400);
  });
});
