import type { StorageError } from '../state/storage.errors.js';

const CODE_BY_STATUS: Readonly<Record<number, string>> = {
  400: 'InvalidArgument',
  403: 'AccessDenied',
  404: 'NoSuchKey',
  405: 'MethodNotAllowed',
  409: 'Conflict',
  412: 'PreconditionFailed',
  416: 'InvalidRange',
  501: 'NotImplemented',
  503: 'ServiceUnavailable',
};

/** The XML API's error body. Source: docs.cloud.google.com/storage/docs/xml-api/reference-status, read 2026-11-22. */
export function toXmlError(error: StorageError): string {
  const code = error.message.startsWith('The specified bucket')
    ? 'NoSuchBucket'
    : CODE_BY_STATUS[error.status];
  const details = error.message.replaceAll(/[<>&]/g, (sign) => `&#${sign.charCodeAt(0)};`);
  return `<?xml version='1.0' encoding='UTF-8'?><Error><Code>${code ?? 'InternalError'}</Code><Message>${details}</Message></Error>`;
}
