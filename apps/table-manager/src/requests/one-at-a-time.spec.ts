import { describe, expect, it } from '@jest/globals';
import { RequestFailure } from '@pipeline/platform';
import { OneAtATime } from './one-at-a-time.js';

describe('OneAtATime', () => {
  it('refuses other work with Retry-After while one piece runs, and takes the next after it, also if it failed', async () => {
    const audits = new OneAtATime('AUDIT_RUNNING', 'An audit is running');
    const gate = Promise.withResolvers<string>();
    const first = audits.run(() => gate.promise);
    const second: unknown = await audits.run(() => Promise.resolve('b')).catch((error: unknown) => error);
    gate.reject(new Error('broken'));
    await expect(first).rejects.toThrow('broken');

    expect(second).toBeInstanceOf(RequestFailure);
    expect(second).toMatchObject({
      status: 429,
      headers: { 'retry-after': '30' },
      body: { error: { code: 'AUDIT_RUNNING', message: 'An audit is running; retry after 30 s' } },
    });
    expect(await audits.run(() => Promise.resolve('c'))).toBe('c');
  });
});
