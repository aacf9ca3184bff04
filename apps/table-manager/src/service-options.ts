import type { ServiceOptions } from '@pipeline/platform';
import { serveOpenApi } from './openapi.js';

/**
 * A Pub/Sub message has up to 10 MB, about 13.4 MiB as base64 in JSON; longer bodies are answered 413.
 * Source: Pub/Sub quotas and limits, read 2026-11-22.
 */
const BODY_LIMIT_BYTES = 14 * 1024 * 1024;

/** How this service is served: bodies as bytes, because what is in them is decided here and not by a content type. */
export function toServiceOptions(
  module: ServiceOptions['module'],
): Omit<ServiceOptions, 'name' | 'settings'> {
  return { module, bodies: 'bytes', bodyLimitBytes: BODY_LIMIT_BYTES, configure: serveOpenApi };
}
