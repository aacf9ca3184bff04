import type { IncomingHttpHeaders } from 'node:http';

/** The fields by which Cloud Logging joins a log line with its request. */
export interface TraceFields {
  readonly 'logging.googleapis.com/trace'?: string;
  readonly 'logging.googleapis.com/spanId'?: string;
  readonly 'logging.googleapis.com/trace_sampled'?: boolean;
}

const TRACEPARENT = /^[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})/;
const CLOUD_TRACE = /^([0-9a-f]{32})(?:\/(\d{1,20}))?(?:;o=(\d))?/i;
const NO_TRACE = '0'.repeat(32);

/**
 * Read the caller's trace: `traceparent` (W3C) first, else `X-Cloud-Trace-Context`; none or malformed gives `{}`.
 *
 * Shape: `00-4bf9…4736-00f0…02b7-01`, project `p` → `{'…/trace': 'projects/p/traces/4bf9…4736', …}`.
 * The span of `X-Cloud-Trace-Context` is decimal and comes out as 16 hexadecimal digits.
 * Source: https://www.w3.org/TR/trace-context/ and https://cloud.google.com/trace/docs/trace-context, read 2026-11-22.
 */
export function readTraceFields(headers: IncomingHttpHeaders, projectId: string): TraceFields {
  const parent = TRACEPARENT.exec(headers['traceparent']?.toString() ?? '');
  if (parent) {
    const [, trace = '', span = '', flags = '00'] = parent;
    return toFields(projectId, trace, span, (Number.parseInt(flags, 16) & 1) === 1);
  }
  const cloud = CLOUD_TRACE.exec(headers['x-cloud-trace-context']?.toString() ?? '');
  if (cloud) {
    const [, trace = '', span, sampled] = cloud;
    const spanId = span === undefined ? '' : BigInt(span).toString(16).padStart(16, '0');
    return toFields(projectId, trace.toLowerCase(), spanId, sampled === '1');
  }
  return {};
}

function toFields(projectId: string, trace: string, spanId: string, isSampled: boolean): TraceFields {
  if (trace === NO_TRACE) {
    return {};
  }
  return {
    'logging.googleapis.com/trace': `projects/${projectId}/traces/${trace}`,
    ...(spanId === '' ? {} : { 'logging.googleapis.com/spanId': spanId }),
    'logging.googleapis.com/trace_sampled': isSampled,
  };
}
