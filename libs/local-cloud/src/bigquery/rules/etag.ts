import { createHash } from 'node:crypto';
import { BigqueryError } from './api-error.js';

/** A new etag for a resource; `version` must differ for every change of one resource. */
export function makeEtag(resourceId: string, version: string): string {
  return createHash('sha256').update(`${resourceId}\n${version}`).digest('base64').slice(0, 24);
}

/**
 * Throws 412 `conditionNotMet` unless `If-Match` is absent, `*`, or names the present etag.
 *
 * Source: cloud.google.com/bigquery/docs/reference/rest (conditional requests), read 2026-11-22.
 */
export function checkIfMatch(ifMatch: string | undefined, etag: string): void {
  if (ifMatch === undefined || ifMatch.trim() === '*') return;
  const given = ifMatch.split(',').map((tag) => tag.trim().replace(/^(?:W\/)?"|"$/g, ''));
  if (given.includes(etag)) return;
  throw new BigqueryError({
    reason: 'conditionNotMet',
    message: 'Precondition Failed',
    location: 'If-Match',
  });
}
