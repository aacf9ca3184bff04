import type { RequestHeaders } from '../service/request-context.js';

/** The fields by which Cloud Logging joins a log line with its request. */
export interface TraceFields {
  readonly 'logging.googleapis.com/trace'?: string;
  readonly 'logging.googleapis.com/spanId'?: string;
  readonly 'logging.googleapis.com/trace_sampled'?: boolean;
}

/** A caller's trace: 32 hexadecimal digits, 16 for the span (empty if unknown). */
export interface TraceOrigin {
  readonly traceId: string;
  readonly spanId: string;
  readonly isSampled: boolean;
}

const TRACEPARENT = /^[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})/;
const CLOUD_TRACE = /^([0-9a-f]{32})(?:\/(\d{1,20}))?(?:;o=(\d))?/i;
const NO_TRACE = '0'.repeat(32);

/**
 * Reads the caller's trace: `traceparent` (W3C) first, else `X-Cloud-Trace-Context`; none or malformed gives null.
 *
 * Shape: `00-4bf9…4736-00f0…02b7-01` → `{traceId: '4bf9…4736', spanId: '00f0…02b7', isSampled: true}`.
 * The span of `X-Cloud-Trace-Context` is decimal and comes out as 16 hexadecimal digits.
 * Source: https://www.w3.org/TR/trace-context/ and https://cloud.google.com/trace/docs/trace-context, read 2026-11-22.
 */
export function readTrace(headers: RequestHeaders): TraceOrigin | null {
  const parent = TRACEPARENT.exec(headers['traceparent']?.toString() ?? '');
  if (parent) {
    const [, traceId = '', spanId = '', flags = '00'] = parent;
    const isSampled = (Number.parseInt(flags, 16) & 1) === 1;
    return traceId === NO_TRACE ? null : { traceId, spanId, isSampled };
  }
  const cloud = CLOUD_TRACE.exec(headers['x-cloud-trace-context']?.toString() ?? '');
  if (cloud) {
    const [, trace = '', span, sampled] = cloud;
    const spanId = span === undefined ? '' : BigInt(span).toString(16).padStart(16, '0');
    const traceId = trace.toLowerCase();
    return traceId === NO_TRACE ? null : { traceId, spanId, isSampled: sampled === '1' };
  }
  return null;
}

/**
 * Returns the caller's trace as fields of a log line; `{}` without one.
 *
 * Shape: `00-4bf9…4736-00f0…02b7-01`, project `p` → `{'…/trace': 'projects/p/traces/4bf9…4736', …}`.
 */
export function readTraceFields(headers: RequestHeaders, projectId: string): TraceFields {
  const trace = readTrace(headers);
  return trace === null ? {} : toTraceFields(trace, projectId);
}

/** A trace as fields of a log line. Source: Cloud Logging, special fields of structured logs, read 2026-11-23. */
export function toTraceFields({ traceId, spanId, isSampled }: TraceOrigin, projectId: string): TraceFields {
  return {
    'logging.googleapis.com/trace': `projects/${projectId}/traces/${traceId}`,
    ...(spanId === '' ? {} : { 'logging.googleapis.com/spanId': spanId }),
    'logging.googleapis.com/trace_sampled': isSampled,
  };
}
