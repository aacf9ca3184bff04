import { describe, expect, it } from '@jest/globals';
import { DeadLetterCheck } from './dead-letter.check.js';

describe('DeadLetterCheck', () => {
  it.each([
    ['before the first dead letter', null, { kind: 'up' }],
    ['after one that Pub/Sub has', { kind: 'published' } as const, { kind: 'up' }],
    [
      'after one that failed',
      { kind: 'failed', disposition: 'setup', message: 'no topic' } as const,
      { kind: 'degraded', code: 'DEAD_LETTER_FAILED', message: 'setup: no topic' },
    ],
  ])('reports %s', async (_name, last, outcome) => {
    expect(await new DeadLetterCheck({ last }).check()).toEqual(outcome);
  });
});
