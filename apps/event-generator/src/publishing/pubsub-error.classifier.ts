import { PublishError, type PublishErrorCode } from './publish.errors.js';

/** gRPC status codes. Source: https://grpc.io/docs/guides/status-codes/, read 2026-11-22. */
const CODES: Readonly<Record<number, PublishErrorCode>> = {
  3: 'REFUSED',
  4: 'UNAVAILABLE',
  5: 'TOPIC_NOT_FOUND',
  7: 'PERMISSION_DENIED',
  8: 'UNAVAILABLE',
  10: 'UNAVAILABLE',
  13: 'UNAVAILABLE',
  14: 'UNAVAILABLE',
  16: 'CREDENTIALS_MISSING',
};

const MAX_QUOTED_CHARACTERS = 240;

/**
 * Tell what a failed publish means: by gRPC status, or, without one, by what the client library says when it finds no
 * credentials on the machine.
 */
export function classifyPubsubError(
  cause: unknown,
  target: { project: string; topic: string },
): PublishError {
  const status: unknown =
    typeof cause === 'object' && cause !== null && 'code' in cause ? cause.code : undefined;
  const original = toMessageText(cause);
  const code = toCode(status, original);
  return new PublishError({ code, message: toMessage(code, original, target), details: target, cause });
}

/** The client repeats every attempt in its message; the first words tell enough. */
function toMessageText(cause: unknown): string {
  const text =
    typeof cause === 'object' && cause !== null && 'message' in cause ? String(cause.message) : String(cause);
  return text.length <= MAX_QUOTED_CHARACTERS ? text : `${text.slice(0, MAX_QUOTED_CHARACTERS)}…`;
}

function toCode(status: unknown, original: string): PublishErrorCode {
  if (typeof status === 'number') {
    return CODES[status] ?? 'FAILED';
  }
  return /default credentials|invalid_grant|keyfile/i.test(original) ? 'CREDENTIALS_MISSING' : 'FAILED';
}

function toMessage(
  code: PublishErrorCode,
  original: string,
  { project, topic }: { project: string; topic: string },
): string {
  switch (code) {
    case 'TOPIC_NOT_FOUND':
      return (
        `Topic ${topic} does not exist in project ${project}. Create it (gcloud pubsub topics create ${topic} ` +
        `--project ${project}), or set TOPIC and GCP_PROJECT_ID. The name carries no environment prefix.`
      );
    case 'PERMISSION_DENIED':
      return `Publishing to topic ${topic} of project ${project} is not allowed. Grant the service account roles/pubsub.publisher on the topic.`;
    case 'CREDENTIALS_MISSING':
      return 'Pub/Sub accepts no credentials from here. Run as a service account, set GOOGLE_APPLICATION_CREDENTIALS, or set PUBSUB_EMULATOR_HOST to an emulator.';
    case 'UNAVAILABLE':
      return `Pub/Sub did not answer in time. Try again; with an emulator, see that PUBSUB_EMULATOR_HOST is where it listens. (${original})`;
    case 'REFUSED':
      return `Pub/Sub refused a message: ${original}`;
    case 'FAILED':
      return `Publishing failed: ${original}`;
  }
}
