import { describe, expect, it } from '@jest/globals';
import { createLogger, toLoggedError } from './create-logger.js';
import { readTraceFields } from './trace-context.js';

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';

describe('readTraceFields', () => {
  it.each([
    [
      'traceparent',
      { traceparent: `00-${TRACE}-00f067aa0ba902b7-01` },
      { trace: `projects/p/traces/${TRACE}`, spanId: '00f067aa0ba902b7', trace_sampled: true },
    ],
    [
      'X-Cloud-Trace-Context',
      { 'x-cloud-trace-context': `${TRACE}/255;o=0` },
      { trace: `projects/p/traces/${TRACE}`, spanId: '00000000000000ff', trace_sampled: false },
    ],
    [
      'X-Cloud-Trace-Context without span',
      { 'x-cloud-trace-context': TRACE.toUpperCase() },
      { trace: `projects/p/traces/${TRACE}`, trace_sampled: false },
    ],
    ['no header', {}, {}],
    ['a malformed header', { traceparent: 'not-a-trace' }, {}],
    ['the invalid trace of zeros', { traceparent: `00-${'0'.repeat(32)}-00f067aa0ba902b7-01` }, {}],
  ])('reads %s', (_name, headers, expected) => {
    const fields = Object.entries(readTraceFields(headers, 'p')).map(([key, value]) => [
      key.replace('logging.googleapis.com/', ''),
      value as unknown,
    ]);

    expect(Object.fromEntries(fields)).toEqual(expected);
  });
});

describe('createLogger', () => {
  it('writes severity, time, service and message, and an error without its attachments', () => {
    const lines: string[] = [];
    const logger = createLogger({ service: 'example', level: 'info' }, { write: (line) => lines.push(line) });
    const error = Object.assign(new Error('refused'), { code: 7, request: { body: 'payload' } });

    logger.debug('not written');
    logger.warn({ err: error }, 'publishing failed');

    expect(lines).toHaveLength(1);
    expect(JSON.parse(lines[0] ?? '')).toEqual({
      severity: 'WARNING',
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      service: 'example',
      message: 'publishing failed',
      err: { type: 'Error', message: 'refused', code: 7, stack: expect.any(String) },
    });
  });

  it('describes what is thrown without being an error', () => {
    expect(toLoggedError('text')).toEqual({ type: 'string', message: 'text' });
  });
});
