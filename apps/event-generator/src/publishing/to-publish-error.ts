import type { CloudError, CloudErrorCode } from '@pipeline/google-clients';
import { PublishError, type PublishErrorCode } from './publish.errors.js';

/** Missing codes are `FAILED`. */
const CODES: Partial<Readonly<Record<CloudErrorCode, PublishErrorCode>>> = {
  API_DISABLED: 'PERMISSION_DENIED',
  INVALID: 'REFUSED',
  PERMISSION_DENIED: 'PERMISSION_DENIED',
  RATE_LIMITED: 'UNAVAILABLE',
  REQUEST_TOO_LARGE: 'REFUSED',
  TOPIC_NOT_FOUND: 'TOPIC_NOT_FOUND',
  UNAUTHENTICATED: 'CREDENTIALS_MISSING',
  UNAVAILABLE: 'UNAVAILABLE',
};

const MAX_QUOTED_CHARACTERS = 240;

/** Gives a failed publish the code and the remedy that the service's callers know. */
export function toPublishError(
  cause: CloudError,
  target: { readonly project: string; readonly topic: string },
): PublishError {
  const code = CODES[cause.code] ?? 'FAILED';
  return new PublishError({
    code,
    message: toMessage(code, shorten(cause.message), target),
    details: target,
    cause,
  });
}

/** The client repeats every attempt in its message; the first words are enough. */
function shorten(text: string): string {
  return text.length <= MAX_QUOTED_CHARACTERS ? text : `${text.slice(0, MAX_QUOTED_CHARACTERS)}…`;
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
      return 'Pub/Sub rejected the credentials of this process. Run as a service account, set GOOGLE_APPLICATION_CREDENTIALS, or set PUBSUB_EMULATOR_HOST to an emulator.';
    case 'UNAVAILABLE':
      return `Pub/Sub did not answer in time. Retry; with an emulator, check that PUBSUB_EMULATOR_HOST is its address. (${original})`;
    case 'REFUSED':
      return `Pub/Sub refused a message: ${original}`;
    case 'FAILED':
      return `Publishing failed: ${original}`;
  }
}
